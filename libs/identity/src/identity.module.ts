import { Module } from '@nestjs/common';
import { ApiTokensController } from './http/api-tokens.controller.ts';
import { IdentityRoom } from './identity.room.ts';

@Module({ controllers: [ApiTokensController], providers: [IdentityRoom] })
export class IdentityModule {}
