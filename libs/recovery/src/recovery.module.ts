import { Module } from '@nestjs/common';
import { RecoveryCodesController } from './http/recovery-codes.controller.ts';
import { RecoveryListener } from './recovery.listener.ts';
import { RecoveryRoom } from './recovery.room.ts';

@Module({ controllers: [RecoveryCodesController, RecoveryListener], providers: [RecoveryRoom] })
export class RecoveryModule {}
