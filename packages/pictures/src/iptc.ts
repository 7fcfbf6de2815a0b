/** City, part of it, region, country code and country: where a photo was taken, in the words of its author. */
const PLACES = [90, 92, 95, 100, 101];
const CAPTIONS = 2;
const IPTC_RESOURCE = 0x0404;
const HEADER = 'Photoshop 3.0\0';

/** Begins each IPTC record. */
const RECORD = 0x1c;

/**
 * IPTC data as a picture carries them, reduced to the records.
 * @param carried a JPEG's segment for Photoshop, the resources in it, or the records as a TIFF has them.
 * @returns undefined when there are none, or they are broken.
 */
export function keptIptc(carried: Uint8Array, place: boolean): Uint8Array | undefined {
  const records = recordsIn(Buffer.from(carried.buffer, carried.byteOffset, carried.length));
  if (!records) return;
  const kept = datasets(records).filter(
    ({ record, number }) => place || record !== CAPTIONS || !PLACES.includes(number),
  );
  return kept.length > 0 ? Buffer.concat(kept.map(({ bytes }) => bytes)) : undefined;
}

/** IPTC records as a resource of Photoshop. */
export function iptcResource(records: Uint8Array): Buffer {
  const head = Buffer.alloc(12);
  head.write('8BIM', 'latin1');
  head.writeUInt16BE(IPTC_RESOURCE, 4);
  head.writeUInt32BE(records.length, 8);
  return Buffer.concat([head, records, Buffer.alloc(records.length % 2)]);
}

/** IPTC records as the content of a JPEG's segment for them (APP13). */
export function iptcSegment(records: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(HEADER, 'latin1'), iptcResource(records)]);
}

/** The IPTC records, by themselves or among the resources that Photoshop writes. */
function recordsIn(bytes: Buffer): Buffer | undefined {
  if (bytes[0] === RECORD) return bytes;
  const start = bytes.toString('latin1', 0, HEADER.length) === HEADER ? HEADER.length : 0;
  for (let at = start; at + 12 <= bytes.length && bytes.toString('latin1', at, at + 4) === '8BIM'; ) {
    const nameBytes = 1 + bytes.readUInt8(at + 6);
    const sizeAt = at + 6 + nameBytes + (nameBytes % 2);
    if (sizeAt + 4 > bytes.length) return;
    const size = bytes.readUInt32BE(sizeAt);
    const from = sizeAt + 4;
    if (from + size > bytes.length) return;
    if (bytes.readUInt16BE(at + 4) === IPTC_RESOURCE) return bytes.subarray(from, from + size);
    at = from + size + (size % 2);
  }
  return;
}

interface Dataset {
  record: number;
  number: number;
  /** All of it, with its head. */
  bytes: Buffer;
}

function datasets(records: Buffer): Dataset[] {
  const found: Dataset[] = [];
  for (let at = 0; at + 5 <= records.length && records.readUInt8(at) === RECORD; ) {
    const size = records.readUInt16BE(at + 3);
    const end = at + 5 + size;
    // The highest bit says that the size is longer than two bytes: nothing that people write is.
    if (size >= 0x8000 || end > records.length) break;
    found.push({
      record: records.readUInt8(at + 1),
      number: records.readUInt8(at + 2),
      bytes: records.subarray(at, end),
    });
    at = end;
  }
  return found;
}
