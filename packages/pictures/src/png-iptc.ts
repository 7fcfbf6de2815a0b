import { crc32, deflateSync } from 'node:zlib';
import { iptcResource } from './iptc.ts';

/** What the text in a PNG is called that holds IPTC data, since ImageMagick began it. Others read it too. */
export const PNG_IPTC = 'Raw profile type iptc';

/** Digits of hexadecimal numbers in a line. */
const LINE = 72;
/** Some megabytes; nobody writes a thousandth of it about a photo. */
const MOST_LINES = 100_000;

/** IPTC records as a compressed text of a PNG: a name, how many bytes they are, and these in hexadecimal numbers. */
export function pngIptcChunk(records: Uint8Array): Buffer {
  const resource = iptcResource(records);
  const lines = resource.toString('hex').replace(new RegExp(`.{1,${LINE}}`, 'g'), '$&\n');
  const text = `\niptc\n${String(resource.length).padStart(8)}\n${lines}`;
  const named = Buffer.from(`zTXt${PNG_IPTC}\0\0`, 'latin1');
  const content = Buffer.concat([named, deflateSync(text)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length - 4);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, sum]);
}

/** @returns what such a text holds, or nothing where it is broken. */
export function readPngIptc(text: string): Buffer | undefined {
  const [, claimed = '', ...lines] = text.trim().split('\n', MOST_LINES);
  const digits = lines.join('').replaceAll(/\s/g, '');
  const bytes = Buffer.from(digits, 'hex');
  const isWhole = bytes.length * 2 === digits.length && bytes.length === Number(claimed);
  return isWhole && bytes.length > 0 ? bytes : undefined;
}
