import { ofLanguage } from './index.ts';

/**
 * The texts of one page, in every language that there is: one that lacks a text, or has it in another shape, does not compile.
 *
 * @returns those of the reader's language
 */
export const spoken = <T>(said: { readonly en: T; readonly nl: NoInfer<T> }): T => ofLanguage(said);
