import { failLoudly } from '@sparekey/hosting';
import { runService, type ServiceDefinition } from '@sparekey/hosting/services';
import { FileClock } from './file-clock.ts';

// A service as it is, but for its clock: that one stands in a file, so that a test can move it on for all of them.
const [definition, clock] = process.argv.slice(2) as [string, string];
const { service } = (await import(definition)) as { service: ServiceDefinition };
runService({ ...service, clock: new FileClock(clock) }).catch(failLoudly());
