import { IDENTITY_SERVICE, refuse, tokensStream } from '@sparekey/contracts';
import {
  SparekeyClient,
  SparekeyProblem,
  type ChallengeRequest,
  type Decision,
  type PasskeyChallenge,
  type User,
} from '@sparekey/client';
import { makeBearerToken } from '@sparekey/vault';
import { LRUCache } from 'lru-cache';
import type { IdentityRoom } from './identity.room.ts';
import { issueToken, type IssuedToken } from './issue-token.ts';
import type { Token } from './tokens.ts';

const ACTOR = { kind: 'system', id: IDENTITY_SERVICE } as const;

/**
 * Asks Sparekey for the second step as every internal service does: over its HTTP API, with an API token of its own in
 * each domain. Nobody is shown that token, and its secret is kept sealed under a key that only this service has.
 */
export class SecondStep {
  readonly #clients = new LRUCache<string, { readonly tokenId: string; readonly client: SparekeyClient }>({
    max: 1_024,
  });

  constructor(private readonly room: IdentityRoom) {}

  openChallenge(domain: string, request: ChallengeRequest): Promise<Decision> {
    return this.#ask(domain, (client) => client.openChallenge(request));
  }

  openPasskeyChallenge(domain: string): Promise<PasskeyChallenge> {
    return this.#ask(domain, (client) => client.openPasskeyChallenge());
  }

  answerPasskeyChallenge(domain: string, challengeId: string, credential: object): Promise<string> {
    return this.#ask(domain, (client) => client.answerPasskeyChallenge(challengeId, credential));
  }

  putUser(domain: string, userId: string, user: User): Promise<void> {
    return this.#ask(domain, (client) => client.putUser(userId, user));
  }

  /** What Sparekey refuses is refused in its words; where it cannot be reached, nothing is ready. */
  async #ask<T>(domain: string, call: (client: SparekeyClient) => Promise<T>): Promise<T> {
    const client = await this.#client(domain);
    try {
      return await call(client);
    } catch (error) {
      if (!(error instanceof SparekeyProblem)) {
        const detail = 'the second step cannot be asked for';
        throw refuse('not-ready', { retryAfter: 5, detail }, { cause: error });
      }
      const { retryAfter } = error.members;
      throw refuse(error.code, retryAfter === undefined ? {} : { retryAfter });
    }
  }

  async #client(domain: string): Promise<SparekeyClient> {
    const living = await this.#livingToken(domain);
    const kept = this.#clients.get(domain);
    if (living && kept?.tokenId === living.tokenId) return kept.client;
    const { internalUrl } = this.room.configuration;
    if (internalUrl === undefined) throw new Error('nobody said where the HTTP API is reached');
    const { tokenId, token } = living ? await this.#open(domain, living) : await this.#issue(domain);
    const client = new SparekeyClient({ url: internalUrl, domain, token });
    this.#clients.set(domain, { tokenId, client });
    return client;
  }

  async #open(domain: string, { tokenId, secret }: Token): Promise<IssuedToken> {
    const { value, eventId } = secret!;
    const { vault } = this.room.ports;
    const opened = await vault.open({ domain }, 'password', value, { eventId, field: 'secret' });
    return { tokenId, token: makeBearerToken('api-token', [domain, tokenId], opened).token };
  }

  async #livingToken(domain: string): Promise<Token | undefined> {
    const [{ services }, tokens] = await Promise.all([
      this.room.domain(domain),
      this.room.tokens.load(tokensStream(domain)),
    ]);
    const service = services.get(IDENTITY_SERVICE);
    if (!service) throw refuse('sign-in-refused'); // the domain does without the reference sign-in service
    return tokens.state.find(
      (token) =>
        token.service === IDENTITY_SERVICE &&
        token.createdBy === ACTOR.id &&
        token.secret !== undefined &&
        token.expiresAt === undefined &&
        token.createdAt >= service.since,
    );
  }

  async #issue(domain: string): Promise<IssuedToken> {
    const origin = { domain, actor: ACTOR, correlationId: this.room.ports.random.uuid() };
    const terms = { name: 'Sparekey sign-in', role: 'service', service: IDENTITY_SERVICE } as const;
    return issueToken(this.room, origin, terms, true);
  }
}
