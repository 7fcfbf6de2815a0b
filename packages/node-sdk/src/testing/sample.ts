import { deflateSync } from 'node:zlib';
import type { Json, ParamSpec } from '@imaginarium/protocol';

/**
 * A small PNG made of two gradients and a dark square: something with edges, smooth areas and colours to work on, without a file.
 * @see https://www.w3.org/TR/png-3/ for the format.
 */
export function samplePng(width = 64, height = 48): Uint8Array {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    const row = y * (1 + width * 3) + 1;
    for (let x = 0; x < width; x++) {
      const dark = x > width / 3 && x < width / 2 && y > height / 3 && y < height / 2;
      rows[row + x * 3] = dark ? 20 : Math.round((255 * x) / width);
      rows[row + x * 3 + 1] = dark ? 20 : Math.round((255 * y) / height);
      rows[row + x * 3 + 2] = dark ? 20 : 128;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'ascii'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, crc]);
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** A value for a required param that has no default of its own. Files are the caller's to make. */
export function sampleParam(spec: ParamSpec): Json {
  switch (spec.kind) {
    case 'text':
    case 'code':
    case 'expression':
      return spec.default === '' ? 'sample' : spec.default;
    case 'list':
      return spec.default.length > 0 ? (spec.default as Json) : [sampleParam(spec.of)];
    default:
      return spec.default as Json;
  }
}
