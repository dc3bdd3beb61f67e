// stands at: libs/notification/src/forbidden-mail.ts
// refused by: providers-in-their-drawers
import { createTransport } from 'nodemailer';
export const forbidden = createTransport;
