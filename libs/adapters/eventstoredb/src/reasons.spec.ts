import { AccessDeniedError } from '@eventstore/db-client';
import { TimedOut } from './failures.ts';
import { reasonOf } from './reasons.ts';

const grpc = (code: number, message: string) => Object.assign(new Error(message), { code });
const lost = (last: string) => grpc(14, `14 UNAVAILABLE: No connection established. Last error: ${last}`);

// the words as @grpc/grpc-js 1.14, Node.js 24 and EventStoreDB 23.10 have them
test.each([
  ['a wrong password', grpc(16, '16 UNAUTHENTICATED: '), /does not know the login/],
  ['no right to $all', new AccessDeniedError(grpc(7, 'Access Denied') as never), /rights/],
  ['an unknown authority', lost('Error: unable to verify the first certificate'), /tlsCAFile/],
  ['one that signed itself', lost('Error: self-signed certificate in certificate chain'), /tlsCAFile/],
  ['another name', lost("Error: Hostname/IP does not match certificate's altnames"), /tlsCAFile/],
  [
    'TLS to a server in the clear',
    lost('Error: write EPROTO 40:error:0A00010B:SSL routines::wrong version number'),
    /TLS/,
  ],
  ['nobody there', lost('Error: connect ECONNREFUSED 127.0.0.1:2113'), /nobody listens/],
  ['no such name', grpc(14, 'Name resolution failed for target dns:store:2113'), /no host of that name/],
  ['no quorum', grpc(14, '14 UNAVAILABLE: Server Is Not Ready'), /quorum/],
  ['a cluster without a leader', new Error('Failed to discover after 10 attempts.'), /which one leads/],
  ['a frozen server', grpc(4, 'Deadline exceeded'), /in time/],
  [
    'a connection that another call gave up',
    grpc(14, '14 UNAVAILABLE: Channel closed before call started'),
    /in time/,
  ],
  ['a read that was given up', new TimedOut('a read took too long'), /in time/],
])('%s is told from the others', (_, error, reason) => {
  expect(reasonOf(error)).toMatch(reason);
});

test('what is not known is not guessed', () => {
  expect(reasonOf(new Error('zebra'))).toBeUndefined();
});
