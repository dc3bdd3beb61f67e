import Bowser from 'bowser';

/** @returns such as "Firefox, Windows"; nothing where the header names no browser that is known */
export function browserOf(userAgent: string | undefined): string | undefined {
  if (!userAgent) return undefined;
  const { browser, os } = Bowser.parse(userAgent);
  return [browser.name, os.name].filter(Boolean).join(', ') || undefined;
}

export const isPhone = (userAgent: string | undefined): boolean =>
  userAgent !== undefined && userAgent !== '' && Bowser.parse(userAgent).platform.type === 'mobile';
