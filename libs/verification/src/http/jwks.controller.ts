import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AllowAnyone } from '@sparekey/access-control';
import { Answers, PORTS, type Ports } from '@sparekey/platform';
import { KEYS } from './answers.ts';

@ApiTags('keys')
@Controller('.well-known')
export class JwksController {
  constructor(@Inject(PORTS) private readonly ports: Ports) {}

  /** The public keys that results are verified with (RFC 7517). */
  @Get('jwks.json')
  @AllowAnyone()
  @Answers(200, 'A set of keys', KEYS)
  @Header('cache-control', 'public, max-age=300')
  getJwks() {
    return { keys: [this.ports.signer.publicJwk] };
  }
}
