import { createReadStream, createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** Writes a file anew with bytes put in at a place. It is never held in memory, and is the old one until all is written. */
export async function insertBytes(path: string, at: number, bytes: Uint8Array): Promise<void> {
  const whole = `${path}.whole`;
  await pipeline(async function* () {
    yield* createReadStream(path, { end: at - 1 });
    yield bytes;
    yield* createReadStream(path, { start: at });
  }, createWriteStream(whole));
  await rename(whole, path);
}
