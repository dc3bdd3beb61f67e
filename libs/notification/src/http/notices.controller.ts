import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AllowAnyone } from '@sparekey/access-control';
import {
  answer,
  Answers,
  Correlated,
  HandleParam,
  Refuses,
  text,
  word,
  type AnswerOf,
  type Correlation,
} from '@sparekey/platform';
import { NotificationRoom } from '../notification.room.ts';
import { repudiateNotice } from '../repudiate-notice.ts';

const REPUDIATED = answer('Repudiated', {
  state: word(['repudiated']),
  notice: text('What is taken back: the type of the event that the notice told of'),
});

@ApiTags('notices')
@Controller('v1/notices/:handle')
export class NoticesController {
  constructor(private readonly room: NotificationRoom) {}

  /** "This was not me", by who holds the link in the notice. */
  @Post('repudiate')
  @HttpCode(200)
  @AllowAnyone()
  @Answers(200, 'It is taken back', REPUDIATED)
  @Refuses('challenge-expired', 'policy-refused')
  repudiateNotice(
    @HandleParam('handle') handle: string,
    @Correlated() correlation: Correlation,
  ): Promise<AnswerOf<typeof REPUDIATED>> {
    return repudiateNotice(this.room, handle, correlation);
  }
}
