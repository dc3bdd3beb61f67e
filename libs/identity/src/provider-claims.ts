import { readMailAddress, shownName } from '@sparekey/canonical';
import type { User } from '@sparekey/client';
import type { IdentityProvider } from '@sparekey/contracts';

/** What of a provider's claims could not be taken as it is. */
export interface LeftOut {
  readonly field: 'email' | 'displayName';
  readonly how: 'left out' | 'shortened';
}

/**
 * The contacts that a provider vouches for. An address that no mail reaches is left out, a name is shown as far as it can
 * be: whoever the provider vouches for gets in.
 *
 * @param acceptsSmtpUtf8 whether the mail server takes mailboxes that are not ASCII
 */
export function contactsOf(
  { claims }: Pick<IdentityProvider, 'claims'>,
  payload: Readonly<Record<string, unknown>>,
  acceptsSmtpUtf8: boolean,
): { readonly contacts: User; readonly leftOut: readonly LeftOut[] } {
  const leftOut: LeftOut[] = [];
  const given = (claim: string | undefined) =>
    claim === undefined ? undefined : (payload[claim] ?? undefined);
  const take = <T>(field: LeftOut['field'], value: unknown, read: (text: string) => T | undefined) => {
    if (value === undefined || value === '') return undefined;
    const taken = typeof value === 'string' ? read(value) : undefined;
    if (taken === undefined) leftOut.push({ field, how: 'left out' });
    return taken;
  };
  const name = given(claims.displayName);
  const displayName = take('displayName', name, shownName);
  if (displayName !== undefined && displayName !== (name as string).normalize('NFC').trim())
    leftOut.push({ field: 'displayName', how: 'shortened' });
  const email = take('email', given(claims.email), (text) => {
    const mailbox = readMailAddress(text);
    return mailbox?.needsSmtpUtf8 && !acceptsSmtpUtf8 ? undefined : mailbox?.address;
  });
  return {
    contacts: {
      ...(email !== undefined && { emails: [email] }),
      ...(displayName !== undefined && { displayName }),
    },
    leftOut,
  };
}
