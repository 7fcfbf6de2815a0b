/** City, part of it, region, country code and country: where a photo was taken, in the words of its author. */
const PLACES = [90, 92, 95, 100, 101];
const CAPTIONS = 2;
const IPTC_RESOURCE = 0x0404;
const HEADER = 'Photoshop 3.0\0';

/**
 * What a JPEG carries about a photo in its segment for Photoshop, reduced to its IPTC records.
 * @returns undefined when there are none, or they are broken.
 */
export function keptIptc(segment: Uint8Array, place: boolean): Uint8Array | undefined {
  const records = recordsIn(segment);
  if (!records) return;
  const kept = datasets(records).filter(
    ({ record, number }) => place || record !== CAPTIONS || !PLACES.includes(number),
  );
  if (kept.length === 0) return;
  const bytes = Buffer.concat(kept.map(({ bytes }) => bytes));
  const block = Buffer.alloc(12);
  block.write('8BIM', 'latin1');
  block.writeUInt16BE(IPTC_RESOURCE, 4);
  block.writeUInt32BE(bytes.length, 8);
  return Buffer.concat([Buffer.from(HEADER, 'latin1'), block, bytes, Buffer.alloc(bytes.length % 2)]);
}

/** The IPTC records among the resources that Photoshop writes. */
function recordsIn(segment: Uint8Array): Buffer | undefined {
  const bytes = Buffer.from(segment.buffer, segment.byteOffset, segment.length);
  if (!bytes.subarray(0, HEADER.length).equals(Buffer.from(HEADER, 'latin1'))) return;
  for (let at = HEADER.length; at + 12 <= bytes.length && bytes.toString('latin1', at, at + 4) === '8BIM'; ) {
    const nameBytes = 1 + bytes.readUInt8(at + 6);
    const sizeAt = at + 6 + nameBytes + (nameBytes % 2);
    if (sizeAt + 4 > bytes.length) return;
    const size = bytes.readUInt32BE(sizeAt);
    const start = sizeAt + 4;
    if (start + size > bytes.length) return;
    if (bytes.readUInt16BE(at + 4) === IPTC_RESOURCE) return bytes.subarray(start, start + size);
    at = start + size + (size % 2);
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
  for (let at = 0; at + 5 <= records.length && records.readUInt8(at) === 0x1c; ) {
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
