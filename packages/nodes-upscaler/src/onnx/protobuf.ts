/** One field of a message: numbers as they are, everything else as its bytes. */
export type Field = { id: number; value: bigint } | { id: number; bytes: Uint8Array };

/** Bytes that are no protobuf message. */
export class MalformedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedError';
  }
}

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

/** The fields of a message, in their order. Nothing is copied: bytes are views. @throws {MalformedError} */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) throw new MalformedError('it ends in the middle of a number');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new MalformedError('a number in it is too long');
  };
  const take = (count: number): Uint8Array => {
    if (at + count > message.length) throw new MalformedError('it ends before its last field does');
    at += count;
    return message.subarray(at - count, at);
  };
  while (at < message.length) {
    const key = varint();
    const id = Number(key >> 3n);
    if (id === 0 || key > 0xffff_ffffn) throw new MalformedError('it has a field without a number');
    const wire = Number(key & 7n);
    if (wire === VARINT) yield { id, value: varint() };
    else if (wire === BYTES) {
      const length = varint();
      if (length > BigInt(message.length)) throw new MalformedError('it ends before its last field does');
      yield { id, bytes: take(Number(length)) };
    } else if (wire === FIXED_32) yield { id, bytes: take(4) };
    else if (wire === FIXED_64) yield { id, bytes: take(8) };
    else throw new MalformedError(`it has a field of the unknown kind ${wire}`);
  }
}

/** Whole numbers that a repeated field holds, packed into one or each on its own. */
export function numbersIn(field: Field): bigint[] {
  if ('value' in field) return [BigInt.asIntN(64, field.value)];
  const values: bigint[] = [];
  for (let at = 0; at < field.bytes.length; ) {
    let value = 0n;
    let shift = 0n;
    for (;;) {
      const byte = field.bytes[at++];
      if (byte === undefined || shift > 63n) throw new MalformedError('a list of numbers in it is cut off');
      value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (byte < 0x80) break;
    }
    values.push(BigInt.asIntN(64, value));
  }
  return values;
}

/** @throws {MalformedError} where a field holds a number. */
export function bytesOf(field: Field): Uint8Array {
  if ('bytes' in field) return field.bytes;
  throw new MalformedError(`field ${field.id} holds a number where bytes belong`);
}

/** @throws {MalformedError} where a field holds bytes. */
export function numberOf(field: Field): number {
  if ('value' in field) return Number(BigInt.asIntN(64, field.value));
  throw new MalformedError(`field ${field.id} holds bytes where a number belongs`);
}

/** @throws {MalformedError} where a field holds a number. */
export function textOf(field: Field): string {
  return Buffer.from(bytesOf(field)).toString('utf8');
}
