/** A field of a message to be written: a whole number that is not negative, text, or bytes, such as another message. */
export type WrittenField = readonly [id: number, value: number | bigint | string | Uint8Array];

const VARINT = 0;
const BYTES = 2;

/** Writes the fields of a protobuf message, in their order. */
export function messageOf(...fields: readonly WrittenField[]): Uint8Array {
  return Buffer.concat(
    fields.flatMap(([id, value]) => {
      if (typeof value === 'number' || typeof value === 'bigint') return [varint(id * 8 + VARINT), varint(value)];
      const bytes = typeof value === 'string' ? Buffer.from(value) : value;
      return [varint(id * 8 + BYTES), varint(bytes.length), bytes];
    }),
  );
}

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(rest)]);
}
