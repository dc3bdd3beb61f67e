import { LimitField, MomentField, OpaqueField, PatternField, WordField } from '@sparekey/platform';
import { USER_ID } from '@sparekey/contracts';
import { FORMATS, type Format } from '../export-entries.ts';
import { ACTIONS, OUTCOMES, type Outcome } from '../projection/index.ts';

const optional = { optional: true };

/** Which entries are asked for. */
export class FilterQuery {
  @WordField(ACTIONS, optional)
  action?: string;

  @WordField(OUTCOMES, optional)
  outcome?: Outcome;

  @MomentField({ ...optional, description: 'No entry before this moment' })
  from?: string;

  @MomentField({ ...optional, description: 'No entry at or after this moment' })
  to?: string;
}

export class OwnPageQuery extends FilterQuery {
  @OpaqueField(64, { ...optional, description: '`next` of the page before' })
  cursor?: string;

  @LimitField()
  limit?: number;
}

export class PageQuery extends OwnPageQuery {
  @PatternField(USER_ID, { ...optional, description: 'Only of this person' })
  user?: string;
}

export class StreamQuery {
  @PatternField(USER_ID, optional)
  user?: string;

  @WordField(ACTIONS, optional)
  action?: string;

  @WordField(OUTCOMES, optional)
  outcome?: Outcome;
}

export class ExportQuery extends FilterQuery {
  @PatternField(USER_ID, optional)
  user?: string;

  @WordField(FORMATS)
  format: Format;
}
