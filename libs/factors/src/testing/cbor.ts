export type Cbor = number | string | Uint8Array | readonly Cbor[] | ReadonlyMap<Cbor, Cbor>;

const UNSIGNED = 0;
const NEGATIVE = 1;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;

/** Major type and argument in the shortest form (RFC 8949 §3, §4.2.1). */
function head(major: number, argument: number): Buffer {
  const type = major << 5;
  if (argument < 24) return Buffer.from([type | argument]);
  if (argument < 0x1_00) return Buffer.from([type | 24, argument]);
  const bytes = Buffer.alloc(3, type | 25);
  bytes.writeUInt16BE(argument, 1);
  return bytes;
}

/** The part of CBOR that authenticators write, members in the order in which they are given. */
export function cbor(value: Cbor): Uint8Array {
  if (typeof value === 'number') return value < 0 ? head(NEGATIVE, -1 - value) : head(UNSIGNED, value);
  if (typeof value === 'string')
    return Buffer.concat([head(TEXT, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(BYTES, value.length), value]);
  if (value instanceof Map)
    return Buffer.concat([head(MAP, value.size), ...[...value].flat().map((item) => cbor(item as Cbor))]);
  const items = value as readonly Cbor[];
  return Buffer.concat([head(ARRAY, items.length), ...items.map(cbor)]);
}
