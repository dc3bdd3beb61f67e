import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { accessTokensStream, accountStream, codec, type Fact } from '@sparekey/contracts';
import { readWhole, type Envelope } from '@sparekey/event-sourcing';
import { hearsIn, repudiated, type Repudiated, type Repudiation } from '@sparekey/platform';
import { accessTokensDecider } from './access-tokens.ts';
import { accountDecider } from './account.ts';
import { IdentityRoom } from './identity.room.ts';

const Hears = hearsIn('identity');

@Controller()
export class IdentityListener {
  constructor(private readonly room: IdentityRoom) {}

  /**
   * What somebody else brought into being ends: the sessions behind it, and the password and the tokens that were made in
   * them.
   */
  @Hears('NoticeRepudiated')
  async suspend(@Payload() repudiation: Repudiation): Promise<void> {
    const what = await repudiated(this.room.ports.store, repudiation);
    await this.#withdrawPassword(what);
    await this.#endSessions(what);
    await this.#revokeTokens(what);
  }

  async #withdrawPassword({ event, origin, sessions }: Repudiated): Promise<void> {
    const said = await this.#said(accountStream(origin.domain, origin.subject));
    const foreign = said.filter((one) => one.type === 'PasswordSet' && isBehind(one, event, sessions));
    if (foreign.length === 0) return;
    await this.room.changeAccount(origin, async ({ state }) => {
      const { eventId } = state.password ?? {};
      if (eventId === undefined || !foreign.some(({ id }) => id === eventId)) return [];
      return accountDecider.decide({ type: 'WithdrawPassword', eventId }, state);
    });
  }

  async #endSessions({ origin, sessions }: Repudiated): Promise<void> {
    for (const sessionId of sessions) {
      await this.room.changeAccount(origin, async ({ state }) =>
        accountDecider.decide({ type: 'EndSession', sessionId, repudiated: true }, state),
      );
    }
  }

  async #revokeTokens({ event, origin, sessions }: Repudiated): Promise<void> {
    const said = await this.#said(accessTokensStream(origin.domain, origin.subject));
    for (const one of said) {
      if (one.type !== 'AccessTokenIssued' || !isBehind(one, event, sessions)) continue;
      const { tokenId } = one.data;
      await this.room.changeAccessTokens(origin, async ({ state }) =>
        state.some((token) => token.tokenId === tokenId)
          ? accessTokensDecider.decide({ type: 'RevokeAccessToken', tokenId }, state)
          : [],
      );
    }
  }

  async #said(stream: string): Promise<(Envelope & Fact)[]> {
    const stored = await readWhole(this.room.ports.store, stream);
    return stored.map((one) => codec.decode(one) as Envelope & Fact);
  }
}

/** Whether it is what was repudiated, or happened in one of the sessions behind that. */
const isBehind = ({ id, sessionId }: Envelope, event: Envelope, sessions: ReadonlySet<string>): boolean =>
  id === event.id || (sessionId !== undefined && sessions.has(sessionId));
