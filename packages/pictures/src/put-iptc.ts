import { createReadStream, createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** A segment says its length in 16 bits, of which two bytes are that length. */
const LONGEST = 65_533;

/** Puts IPTC data into a JPEG file, which the imaging library cannot: it keeps those of its input or none. Data too long for a segment stay out. */
export async function putIptc(path: string, iptc: Uint8Array): Promise<void> {
  if (iptc.length > LONGEST) return;
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xed, 0, 0]);
  head.writeUInt16BE(iptc.length + 2, 4);
  const whole = `${path}.iptc`;
  await pipeline(async function* () {
    yield Buffer.concat([head, iptc]);
    yield* createReadStream(path, { start: 2 });
  }, createWriteStream(whole));
  await rename(whole, path);
}
