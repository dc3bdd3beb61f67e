import { Module } from '@nestjs/common';
import { EnrollmentListener } from './enrollment.listener.ts';
import { EnrollmentRoom } from './enrollment.room.ts';
import { DomainsController } from './http/domains.controller.ts';
import { DirectoryController } from './http/directory.controller.ts';
import { UsersController } from './http/users.controller.ts';

@Module({
  controllers: [DomainsController, DirectoryController, UsersController, EnrollmentListener],
  providers: [EnrollmentRoom],
})
export class EnrollmentModule {}
