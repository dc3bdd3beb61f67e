import { Module } from '@nestjs/common';
import { AuditRoom } from './audit.room.ts';
import { AuditController } from './http/audit.controller.ts';

@Module({ controllers: [AuditController], providers: [AuditRoom] })
export class AuditModule {}
