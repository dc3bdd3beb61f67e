import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { accountStream, type AccountFact, type Fact } from '@sparekey/contracts';
import type { Envelope, Origin } from '@sparekey/event-sourcing';
import { hearsIn, repudiated, type Repudiation } from '@sparekey/platform';
import { accessTokensDecider } from './access-tokens.ts';
import { accountDecider } from './account.ts';
import { IdentityRoom } from './identity.room.ts';

const Hears = hearsIn('identity');
const PAGE = 100;

type Told<Type extends Fact['type']> = Envelope & Extract<Fact, { type: Type }>;
type Whose = Origin & { readonly subject: string };

@Controller()
export class IdentityListener {
  constructor(private readonly room: IdentityRoom) {}

  /** What somebody else brought into being ends: a password, a token, the sessions that a code opened. */
  @Hears('NoticeRepudiated')
  async suspend(@Payload() repudiation: Repudiation): Promise<void> {
    const { kind } = repudiation.data;
    if (kind !== 'PasswordSet' && kind !== 'AccessTokenIssued' && kind !== 'ChallengePassed') return;
    const { event, origin } = await repudiated(this.room.ports.store, repudiation);
    if (event.type === 'PasswordSet') await this.#withdrawPassword(event, origin);
    else if (event.type === 'AccessTokenIssued') await this.#revokeToken(event, origin);
    else if (event.type === 'ChallengePassed') await this.#endSessions(event, origin);
  }

  async #withdrawPassword({ id: eventId }: Told<'PasswordSet'>, origin: Whose): Promise<void> {
    await this.room.changeAccount(origin, async ({ state }) =>
      accountDecider.decide({ type: 'WithdrawPassword', eventId }, state),
    );
  }

  async #revokeToken({ data: { tokenId } }: Told<'AccessTokenIssued'>, origin: Whose): Promise<void> {
    await this.room.changeAccessTokens(origin, async ({ state }) =>
      state.some((token) => token.tokenId === tokenId)
        ? accessTokensDecider.decide({ type: 'RevokeAccessToken', tokenId }, state)
        : [],
    );
  }

  async #endSessions(pass: Told<'ChallengePassed'>, origin: Whose): Promise<void> {
    for (const sessionId of await this.#sessionsOf(pass, origin)) {
      await this.room.changeAccount(origin, async ({ state }) =>
        accountDecider.decide({ type: 'EndSession', sessionId, repudiated: true }, state),
      );
    }
  }

  /** The sessions that this pass opened, from the end of the account's stream back to it. */
  async #sessionsOf(pass: Told<'ChallengePassed'>, { domain, subject }: Whose): Promise<string[]> {
    const found: string[] = [];
    const stream = accountStream(domain, subject);
    let from: number | undefined;
    for (;;) {
      const options = { direction: 'backwards', limit: PAGE, ...(from !== undefined && { from }) } as const;
      const page = await this.room.ports.store.read(stream, options);
      for (const stored of page) {
        const { type, data } = stored as unknown as AccountFact;
        if (type === 'SessionStarted' && data.challengeRef === pass.data.challengeRef)
          found.push(data.sessionId);
      }
      const oldest = page.at(-1);
      if (!oldest || oldest.time < pass.time || oldest.revision === 0) return found;
      from = oldest.revision - 1;
    }
  }
}
