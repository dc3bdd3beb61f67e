import { answer, anything, count, dateTime, page, part, perhaps, text, uuid, word } from '@sparekey/platform';
import { ACTIONS, OUTCOMES } from '../projection/index.ts';

export const ENTRIES = page(
  'AuditEntries',
  answer('AuditEntry', {
    id: uuid(),
    at: dateTime(),
    action: word(ACTIONS),
    outcome: word(OUTCOMES),
    userId: perhaps(text('Whom it is about')),
    actor: part({ kind: word(['user', 'administrator', 'service', 'operator', 'system']), id: text() }),
    factor: perhaps(
      part({ factorId: uuid(), type: perhaps(text()), name: perhaps(text('What the person calls it')) }),
    ),
    method: perhaps(text('What was used, or what stood in for it')),
    code: perhaps(part({ batchId: uuid(), number: perhaps(count('Which of the set; never the code')) })),
    service: perhaps(text()),
    challengeRef: perhaps(uuid()),
    sessionId: perhaps(uuid()),
    requestId: text('Of the request that it follows from'),
    context: perhaps(part({ ip: perhaps(text()), userAgent: perhaps(text()) })),
    detail: perhaps(anything('More, by the kind of entry')),
  }),
);
