import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import {
  accessTokensStream,
  accountStream,
  readFacts,
  type AccessTokensFact,
  type AccountFact,
} from '@sparekey/contracts';
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

  async #withdrawPassword({ origin, isBehind }: Repudiated): Promise<void> {
    const said = await readFacts<AccountFact>(
      this.room.ports.store,
      accountStream(origin.domain, origin.subject),
    );
    const foreign = said.filter((one) => one.type === 'PasswordSet' && isBehind(one));
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

  async #revokeTokens({ origin, isBehind }: Repudiated): Promise<void> {
    const stream = accessTokensStream(origin.domain, origin.subject);
    const said = await readFacts<AccessTokensFact>(this.room.ports.store, stream);
    for (const one of said) {
      if (one.type !== 'AccessTokenIssued' || !isBehind(one)) continue;
      const { tokenId } = one.data;
      await this.room.changeAccessTokens(origin, async ({ state }) =>
        state.some((token) => token.tokenId === tokenId)
          ? accessTokensDecider.decide({ type: 'RevokeAccessToken', tokenId }, state)
          : [],
      );
    }
  }
}
