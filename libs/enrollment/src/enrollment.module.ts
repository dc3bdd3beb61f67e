import { Module } from '@nestjs/common';
import { EnrollmentListener } from './enrollment.listener.ts';
import { EnrollmentRoom } from './enrollment.room.ts';
import { DomainsController } from './http/domains.controller.ts';
import { DirectoryController } from './http/directory.controller.ts';
import { IdentityProvidersController } from './http/identity-providers.controller.ts';
import { ServicesController } from './http/services.controller.ts';
import { UsersController } from './http/users.controller.ts';

@Module({
  controllers: [
    DomainsController,
    ServicesController,
    IdentityProvidersController,
    DirectoryController,
    UsersController,
    EnrollmentListener,
  ],
  providers: [EnrollmentRoom],
})
export class EnrollmentModule {}
