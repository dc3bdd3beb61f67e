import { Module } from '@nestjs/common';
import { ChallengesController } from './http/challenges.controller.ts';
import { JwksController } from './http/jwks.controller.ts';
import { VerificationListener } from './verification.listener.ts';
import { SignInListener } from './sign-in.listener.ts';
import { VerificationRoom } from './verification.room.ts';

@Module({
  controllers: [ChallengesController, JwksController, VerificationListener],
  providers: [VerificationRoom, SignInListener],
})
export class VerificationModule {}
