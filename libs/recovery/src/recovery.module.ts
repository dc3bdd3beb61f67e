import { Module } from '@nestjs/common';
import { RecoveryCodesController } from './http/recovery-codes.controller.ts';
import { RecoveryRoom } from './recovery.room.ts';

@Module({ controllers: [RecoveryCodesController], providers: [RecoveryRoom] })
export class RecoveryModule {}
