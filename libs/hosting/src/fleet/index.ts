export { Fleet, type FleetOptions, type Member } from './fleet.ts';
export { freePort } from './free-port.ts';
export { localServer } from './local-server.ts';
export { Supervised, type SupervisedOptions } from './supervised.ts';
