import {
  audienceOf,
  IDENTITY_SERVICE,
  issuerOf,
  SESSION_TYPE,
  type SessionClaims,
} from '@sparekey/contracts';
import { decodeJwt, errors, jwtVerify } from 'jose';
import type { Ports } from '@sparekey/platform';

/** What a session is made of; issuer, audience and times follow. */
export type SessionTerms = Omit<SessionClaims, 'iss' | 'aud' | 'iat' | 'exp'>;

export interface SessionToken {
  readonly token: string;
  /** When it ends unless it is renewed: Unix milliseconds. */
  readonly expiresAt: number;
}

const REQUIRED = ['sub', 'sid', 'iat', 'exp', 'session_exp', 'scope', 'epoch', 'acr', 'first_at'];

/** Signs and reads the tokens of sessions. Whether a session still lives is asked elsewhere. */
export class SessionTokens {
  constructor(
    private readonly ports: Pick<Ports, 'signer' | 'clock'>,
    private readonly publicUrl: string,
  ) {}

  /** Whether this process may sign: others let a session in and leave its renewal to those that do. */
  get canSign(): boolean {
    return this.ports.signer.signs;
  }

  /** A token that ends when the session has been idle for so long, or with the session. */
  async sign(domain: string, terms: SessionTerms, idleMinutes: number): Promise<SessionToken> {
    const iat = Math.floor(this.ports.clock.now() / 1_000);
    const claims: SessionClaims = {
      iss: issuerOf(this.publicUrl, domain),
      aud: audienceOf(this.publicUrl, domain, IDENTITY_SERVICE),
      ...terms,
      iat,
      exp: Math.min(iat + idleMinutes * 60, terms.session_exp),
    };
    return { token: await this.ports.signer.sign(SESSION_TYPE, claims), expiresAt: claims.exp * 1_000 };
  }

  /** @returns the domain and the claims, with signature, type, issuer, audience and time checked; else nothing */
  async read(token: string): Promise<{ domain: string; claims: SessionClaims } | undefined> {
    try {
      const domain = domainOf(decodeJwt(token).iss, this.publicUrl);
      const { payload } = await jwtVerify<SessionClaims>(token, this.ports.signer.publicKey, {
        algorithms: ['EdDSA'],
        typ: SESSION_TYPE,
        issuer: issuerOf(this.publicUrl, domain),
        audience: audienceOf(this.publicUrl, domain, IDENTITY_SERVICE),
        requiredClaims: REQUIRED,
        currentDate: new Date(this.ports.clock.now()),
      });
      return { domain, claims: payload };
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}

const domainOf = (issuer: string | undefined, publicUrl: string): string =>
  issuer?.slice(issuerOf(publicUrl, '').length) ?? '';
