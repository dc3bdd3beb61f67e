const SEQUENCE = 0x30;
const INTEGER = 0x02;

/** Where a positive integer in its only form ends that begins at `from`; nothing where there is none. */
function integerEnd(bytes: Uint8Array, from: number): number | undefined {
  const length = bytes[from + 1] ?? 0;
  const [first = 0, second = 0] = bytes.subarray(from + 2);
  if (bytes[from] !== INTEGER || length === 0 || first >= 0x80) return undefined;
  if (first === 0 && (length === 1 || second < 0x80)) return undefined; // zero, or padded for nothing
  return from + 2 + length;
}

/**
 * Whether these bytes are an ECDSA signature in DER (X.690 §8.3, §10.1; RFC 3279 §2.2.3), in the only form that its two
 * numbers have: the library reads other forms too, so that one signature would have many.
 */
export function isDerSignature(bytes: Uint8Array): boolean {
  if (bytes[0] !== SEQUENCE || bytes[1] !== bytes.length - 2 || bytes[1] >= 0x80) return false;
  const middle = integerEnd(bytes, 2);
  return middle !== undefined && integerEnd(bytes, middle) === bytes.length;
}
