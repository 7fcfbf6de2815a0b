/** How numbers stand in a TIFF file, or in EXIF data, which have the same form. */
export interface TiffShape {
  /** The lowest byte first. */
  little: boolean;
  /** BigTIFF: offsets and counts of 64 bits. */
  big: boolean;
}

/** A tag with its values, the lowest byte first whatever the file does. */
export interface Tag {
  number: number;
  /** Which kind of value, by the number that TIFF gives it, such as {@link TEXT}. */
  kind: number;
  count: number;
  bytes: Buffer;
}

export const BYTE = 1;
export const TEXT = 2;
export const SHORT = 3;
export const LONG = 4;
export const FRACTION = 5;
export const OPAQUE = 7;
export const SIGNED_LONG = 9;
export const SIGNED_FRACTION = 10;
export const LONG8 = 16;

interface Kind {
  /** Bytes of one value. */
  bytes: number;
  /** Bytes of each number that a value is made of: a fraction is two of them. */
  unit: number;
}

const KINDS: Record<number, Kind> = {
  [BYTE]: { bytes: 1, unit: 1 },
  [TEXT]: { bytes: 1, unit: 1 },
  [SHORT]: { bytes: 2, unit: 2 },
  [LONG]: { bytes: 4, unit: 4 },
  [FRACTION]: { bytes: 8, unit: 4 },
  6: { bytes: 1, unit: 1 },
  [OPAQUE]: { bytes: 1, unit: 1 },
  8: { bytes: 2, unit: 2 },
  [SIGNED_LONG]: { bytes: 4, unit: 4 },
  [SIGNED_FRACTION]: { bytes: 8, unit: 4 },
  11: { bytes: 4, unit: 4 },
  12: { bytes: 8, unit: 8 },
  13: { bytes: 4, unit: 4 },
  [LONG8]: { bytes: 8, unit: 8 },
  17: { bytes: 8, unit: 8 },
  18: { bytes: 8, unit: 8 },
};

/** What is known of a kind of values. Nothing for a kind that TIFF has not. */
export function kindOf(kind: number): Kind | undefined {
  return KINDS[kind];
}

/** Bytes of the parts of a directory: an entry, its values or where they lie, where in it they stand, and how many entries there are. */
export function directorySizes({ big }: TiffShape): { entry: number; value: number; valueAt: number; count: number } {
  return big ? { entry: 20, value: 8, valueAt: 12, count: 8 } : { entry: 12, value: 4, valueAt: 8, count: 2 };
}

/** Turns numbers from the order of a file into the lowest byte first, and back. */
export function turned(bytes: Buffer, kind: number, { little }: TiffShape): Buffer {
  const unit = KINDS[kind]?.unit ?? 1;
  if (little || unit === 1) return bytes;
  const copy = Buffer.from(bytes);
  for (let at = 0; at + unit <= copy.length; at += unit) copy.subarray(at, at + unit).reverse();
  return copy;
}

/** Reads a whole number of 1, 2, 4 or 8 bytes. Beyond 2^53 it is only about right. */
export function numberAt(bytes: Buffer, at: number, length: number, little = true): number {
  if (length < 8) return little ? bytes.readUIntLE(at, length) : bytes.readUIntBE(at, length);
  return Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
}

/** Writes a whole number of 1, 2, 4 or 8 bytes. */
export function putNumber(bytes: Buffer, at: number, length: number, value: number, little = true): void {
  if (length < 8) {
    if (little) bytes.writeUIntLE(value, at, length);
    else bytes.writeUIntBE(value, at, length);
  } else if (little) bytes.writeBigUInt64LE(BigInt(value), at);
  else bytes.writeBigUInt64BE(BigInt(value), at);
}
