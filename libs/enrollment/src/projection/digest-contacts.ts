import { readMailAddress, readPhoneNumber } from '@sparekey/canonical';
import type { Envelope } from '@sparekey/event-sourcing';
import { Shredded, type BlindIndex, type Vault } from '@sparekey/vault';
import type { DigestContacts } from './directory.projection.ts';

/** One spelling for addresses and numbers that reach the same person, also for those kept before they were made canonical. */
const normalize = (address: string): string =>
  readMailAddress(address)?.address.toLowerCase() ??
  readPhoneNumber(address) ??
  address.normalize('NFKC').trim().toLowerCase();

/** What an address or number of a domain's people is found by. */
export const digestOf = (blindIndex: BlindIndex, domain: string, address: string): string =>
  blindIndex.of('contact', domain, normalize(address));

/** Opens contacts only to take their digests. What was erased has none. */
export const digestContacts =
  (vault: Vault, blindIndex: BlindIndex): DigestContacts =>
  async ({ id, domain, subject: user = '', data }: Envelope) => {
    const { contacts } = data as { contacts: string };
    try {
      const text = await vault.open({ domain, user }, 'contact', contacts, {
        eventId: id,
        field: 'contacts',
      });
      const { emails = [], phone } = JSON.parse(text) as { emails?: string[]; phone?: string };
      const all = [...emails, ...(phone === undefined ? [] : [phone])];
      return [...new Set(all.map((address) => digestOf(blindIndex, domain, address)))];
    } catch (error) {
      if (error instanceof Shredded) return [];
      throw error;
    }
  };
