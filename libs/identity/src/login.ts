import { readLogin } from '@sparekey/canonical';
import unhomoglyph from 'unhomoglyph';

/** Longest login, in characters. */
export const LOGIN_LENGTH = 128;

/** Letters, marks, numbers, punctuation and symbols; no spaces, control, format or bidirectional characters. */
export const VISIBLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u;

export const isLogin = (text: string): boolean => [...text].length <= LOGIN_LENGTH && VISIBLE.test(text);

/**
 * What two logins share that a person could take for one another: case is folded (RFC 8265, UsernameCaseMapped), and
 * look-alikes of all scripts become one (UTS 39, skeleton). What people type and paste around it is gone. Never shown; only its keyed digest is kept.
 */
export function skeletonOf(login: string): string {
  const folded = readLogin(login).toLowerCase().normalize('NFKC');
  return unhomoglyph(folded).toLowerCase().normalize('NFKC');
}
