import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AllowAnyone, Correlated, type Correlation } from '@sparekey/platform';
import { NotificationRoom } from '../notification.room.ts';
import { repudiateNotice } from '../repudiate-notice.ts';

@ApiTags('notices')
@Controller('notices/:handle')
export class NoticesController {
  constructor(private readonly room: NotificationRoom) {}

  /** "This was not me", by who holds the link in the notice. */
  @Post('repudiate')
  @HttpCode(200)
  @AllowAnyone()
  repudiateNotice(@Param('handle') handle: string, @Correlated() correlation: Correlation) {
    return repudiateNotice(this.room, handle, correlation);
  }
}
