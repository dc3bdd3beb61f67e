import { Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { refuse } from '@sparekey/contracts';
import type { Parked } from '@sparekey/event-sourcing';
import { Allow, Logged } from '@sparekey/access-control';
import {
  answer,
  Answers,
  count,
  dateTime,
  eitherOf,
  page,
  text,
  uuid,
  word,
  type AnswerOf,
  OpaqueField,
  PatternField,
  PathParam,
  UuidParam,
  EVENT_TRANSPORT,
  PORTS,
  type Ports,
  type EventTransport,
} from '@sparekey/platform';

const ROOM = /^[a-z][a-z-]{0,39}$/;
const PAGE = 50;

const event = {
  room: text('Which room could not handle it'),
  eventId: uuid(),
};
const parked = {
  ...event,
  type: text(),
  stream: text(),
  revision: count(),
  position: text('Where it stands in the log'),
  attempts: count(),
  cause: text('What went wrong the last time'),
  parkedAt: dateTime(),
};
const PARKED = answer('ParkedEvent', parked);
const PARKED_PAGE = page('ParkedEvents', PARKED);
const RETRIED = eitherOf('Retried', [
  answer('StillParked', { state: word(['parked']), ...parked }),
  answer('Handled', { state: word(['handled']), ...event }),
]);

class ParkedQuery {
  @PatternField(ROOM, { optional: true })
  room?: string;

  @OpaqueField(128, { optional: true, description: '`next` of the page before' })
  cursor?: string;
}

const show = ({ parkedAt, ...parked }: Parked) => ({
  ...parked,
  parkedAt: new Date(parkedAt).toISOString(),
});

/** What rooms could not handle: listed, looked at with its cause, tried again after the mend. */
@ApiTags('operator')
@ApiBearerAuth()
@Controller('v1/operator/parked')
export class ParkedController {
  constructor(
    @Inject(PORTS) private readonly ports: Ports,
    @Inject(EVENT_TRANSPORT) private readonly transport: EventTransport,
  ) {}

  @Get()
  @Allow('operator')
  @Answers(200, 'A page', PARKED_PAGE)
  async listParked(@Query() { room, cursor }: ParkedQuery): Promise<AnswerOf<typeof PARKED_PAGE>> {
    const after = cursor === undefined ? undefined : readCursor(cursor);
    const query = { ...(room !== undefined && { room }), ...(after && { after }), limit: PAGE + 1 };
    const found = await this.ports.listenerState.parked(query);
    const shown = found.slice(0, PAGE);
    const last = shown.at(-1);
    const next = found.length > PAGE && last ? `${last.room}.${last.eventId}` : null;
    return { items: shown.map(show), next };
  }

  @Get(':room/:eventId')
  @Allow('operator')
  @Answers(200, 'The event, with its cause', PARKED)
  async getParked(
    @PathParam('room', ROOM) room: string,
    @UuidParam('eventId') eventId: string,
  ): Promise<AnswerOf<typeof PARKED>> {
    return show(await this.#find(room, eventId));
  }

  /** Tries it once more, now. */
  @Post(':room/:eventId/retry')
  @HttpCode(200)
  @Allow('operator')
  @Logged()
  @Answers(200, 'What became of it', RETRIED)
  async retryParked(
    @PathParam('room', ROOM) room: string,
    @UuidParam('eventId') eventId: string,
  ): Promise<AnswerOf<typeof RETRIED>> {
    const parked = await this.#find(room, eventId);
    const still = await this.transport.retry(parked);
    return still ? { state: 'parked', ...show(still) } : { state: 'handled', room, eventId };
  }

  async #find(room: string, eventId: string): Promise<Parked> {
    const parked = await this.ports.listenerState.findParked(room, eventId);
    if (!parked) throw refuse('not-found', { detail: 'no such event is parked' });
    return parked;
  }
}

function readCursor(cursor: string): { room: string; eventId: string } {
  const [room = '', eventId] = cursor.split('.');
  if (eventId === undefined || !ROOM.test(room))
    throw refuse('validation-failed', {
      errors: [{ field: 'cursor', message: 'is no cursor of this list' }],
    });
  return { room, eventId };
}
