export { HttpSmsSender, type HttpSmsSettings } from './http-sms-sender.ts';
