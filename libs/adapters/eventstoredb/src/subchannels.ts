import { Subchannel } from '@grpc/grpc-js/build/src/subchannel.js';

/** What gRPC keeps to itself: a connection that several channels may share. */
interface Shared {
  readonly refcount: number;
  continueConnecting: boolean;
}

const shared = Subchannel.prototype as unknown as { unref: (this: Shared) => void };
const { unref } = shared;

/**
 * A connection that nobody uses any more while it waits to be tried again is tried nonetheless, and then stays open for ever
 * (@grpc/grpc-js 1.14): some twenty of them after each outage of a node. Here it is tried no more.
 */
shared.unref = function unrefAndRest(this: Shared) {
  unref.call(this);
  if (this.refcount === 0) this.continueConnecting = false;
};
