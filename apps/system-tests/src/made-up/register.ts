import { CODES, FACTORS, type CodeMethod, type FactorMethod } from '@sparekey/factors';
import { ceremony } from './ceremony/index.ts';
import { pass } from './pass/index.ts';
import { textMessage } from './text-message/index.ts';
import { questions } from './questions/index.ts';

// What a release would have as a line each in the registry; it is read before anything else of Sparekey is.
const registry = FACTORS as Record<string, FactorMethod>;
registry[ceremony.type] = ceremony;
registry[questions.type] = questions;
registry[textMessage.type] = textMessage;
(CODES as Record<string, CodeMethod>)[pass.type] = pass;
