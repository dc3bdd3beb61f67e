import { createHash } from 'node:crypto';
import { OPERATOR_SESSION_TYPE } from '@sparekey/contracts';
import type { Ports } from '@sparekey/platform';
import { errors, jwtVerify } from 'jose';

export const OPERATOR_COOKIE = 'sparekey-operator';
/** How long it lasts, in seconds: the token is then shown again. */
export const OPERATOR_SECONDS = 3_600;
/** All that it reaches: what runs the installation. Everything else takes the token itself. */
export const OPERATOR_PATH = '/v1/operator/';

/** Which token it was made with, without saying it: another one ends every session. */
const markOf = (digest: Buffer): string =>
  createHash('sha256').update(digest).update('operator session').digest('base64url');

/** Sessions in which the operator uses pages, so that no script ever holds the token. */
export class OperatorSessions {
  constructor(
    private readonly ports: Pick<Ports, 'signer' | 'clock'>,
    private readonly publicUrl: string,
    private readonly digest: Buffer | undefined,
  ) {}

  /** Only for who has shown the token. @returns what the cookie holds */
  async begin(): Promise<string> {
    const iat = Math.floor(this.ports.clock.now() / 1_000);
    const claims = {
      iss: this.publicUrl,
      aud: this.publicUrl,
      sub: 'operator',
      iat,
      exp: iat + OPERATOR_SECONDS,
    };
    return this.ports.signer.sign(OPERATOR_SESSION_TYPE, { ...claims, mark: markOf(this.digest!) });
  }

  async lives(token: string): Promise<boolean> {
    if (this.digest === undefined) return false;
    try {
      const { payload } = await jwtVerify<{ mark: string }>(token, this.ports.signer.publicKey, {
        algorithms: ['EdDSA'],
        typ: OPERATOR_SESSION_TYPE,
        issuer: this.publicUrl,
        audience: this.publicUrl,
        requiredClaims: ['exp', 'mark'],
        currentDate: new Date(this.ports.clock.now()),
      });
      return payload.mark === markOf(this.digest);
    } catch (error) {
      if (error instanceof errors.JOSEError) return false;
      throw error;
    }
  }
}
