import { Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ProviderKeys } from '@sparekey/access-control';
import { AccountsController } from './http/accounts.controller.ts';
import { ApiTokensController } from './http/api-tokens.controller.ts';
import { SessionReplies } from './http/session-replies.ts';
import { SessionsController } from './http/sessions.controller.ts';
import { SignInController } from './http/sign-in.controller.ts';
import { IdentityListener } from './identity.listener.ts';
import { IdentityRoom } from './identity.room.ts';
import { ProviderSignIn } from './provider-sign-in.ts';
import { Rejections } from './rejections.ts';
import { SecondStep } from './second-step.ts';

const FLUSH_MS = 60_000;

const fromRoom = <T>(Kind: new (room: IdentityRoom) => T) => ({
  provide: Kind,
  useFactory: (room: IdentityRoom) => new Kind(room),
  inject: [IdentityRoom],
});

@Module({
  controllers: [
    SignInController,
    SessionsController,
    AccountsController,
    ApiTokensController,
    IdentityListener,
  ],
  providers: [
    IdentityRoom,
    fromRoom(SecondStep),
    fromRoom(Rejections),
    fromRoom(SessionReplies),
    {
      provide: ProviderSignIn,
      useFactory: (room: IdentityRoom, secondStep: SecondStep, keys: ProviderKeys) =>
        new ProviderSignIn(room, secondStep, keys),
      inject: [IdentityRoom, SecondStep, ProviderKeys],
    },
  ],
})
export class IdentityModule implements OnModuleInit, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly rejections: Rejections,
    private readonly room: IdentityRoom,
  ) {}

  onModuleInit(): void {
    const flush = () =>
      this.rejections
        .flush()
        .catch((error: unknown) => this.room.logger.error({ err: error }, 'attempts could not be summed up'));
    this.#timer = setInterval(() => void flush(), FLUSH_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.rejections.flush(true);
  }
}
