/** Where to go on after signing in again. */
const KEPT = 'sparekey-return';
/** Of which organisation whoever uses this browser is. */
const DOMAIN = 'sparekey-domain';

export const rememberDomain = (domain: string): void => localStorage.setItem(DOMAIN, domain);
export const rememberedDomain = (): string | undefined => localStorage.getItem(DOMAIN) ?? undefined;
export const forgetDomain = (): void => localStorage.removeItem(DOMAIN);

/** Goes to another page of ours. It never resolves: whatever waits for it does nothing more. */
export function leaveFor(path: string, how: 'assign' | 'replace' = 'assign'): Promise<never> {
  location[how](path);
  return new Promise(() => undefined);
}

/** Away to sign in again, and then back here. @param why what the person reads there */
export function leaveToSignIn(why: 'again' | 'ended' | 'off'): Promise<never> {
  if (location.pathname === '/') return leaveFor('/sign-in', 'replace'); // who only comes by was not signed in
  if (why === 'again') sessionStorage.setItem(KEPT, location.pathname + location.search + location.hash);
  return leaveFor(`/sign-in#${why}`);
}

/** Where a person was who had to sign in again; else their security. */
export function placeToReturnTo(): string {
  const kept = sessionStorage.getItem(KEPT) ?? '';
  sessionStorage.removeItem(KEPT);
  const isOurs = kept !== '' && new URL(kept, location.href).origin === location.origin;
  return isOurs ? kept : '/security';
}
