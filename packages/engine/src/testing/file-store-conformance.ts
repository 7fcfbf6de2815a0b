import { createHash } from 'node:crypto';
import { samplePng } from '@imaginarium/node-sdk/testing';
import { FileMissingError, FileRefusedError, type FileStore } from '../ports/file-store.ts';
import { expectEqual, expectRejection, type PortCheck } from './check.ts';

const hint = { name: 'sample.png', mime: 'image/png' };

/** What every file store keeps. */
export const fileStoreConformance: PortCheck<FileStore>[] = [
  {
    name: 'gives back the bytes it was given, named by their hash',
    async run(make) {
      const store = await make();
      const bytes = samplePng();
      const file = await store.put(chunks(bytes, 100), hint);
      expectEqual(file.id, createHash('sha256').update(bytes).digest('hex'), 'the id');
      expectEqual(
        [file.bytes, file.kind, file.mime, file.name],
        [bytes.length, 'image', 'image/png', hint.name],
        'the file',
      );
      expectEqual(await text(store.open(file.id)), Buffer.from(bytes).toString('hex'), 'the bytes');
    },
  },
  {
    name: 'reads parts of a file',
    async run(make) {
      const store = await make();
      const bytes = samplePng();
      const { id } = await store.put(chunks(bytes, 1000), hint);
      const part = Buffer.from(bytes).subarray(10, 20).toString('hex');
      expectEqual(await text(store.open(id, { start: 10, end: 19 })), part, 'bytes 10 to 19');
    },
  },
  {
    name: 'stores equal bytes once, under each name they come with',
    async run(make) {
      const store = await make();
      const first = await store.put(chunks(samplePng(), 1000), hint);
      const second = await store.put(chunks(samplePng(), 7), { ...hint, name: 'other.png' });
      expectEqual([second.id, second.name], [first.id, 'other.png'], 'the second');
    },
  },
  {
    name: 'refuses an empty file, and says that a file is missing',
    async run(make) {
      const store = await make();
      await expectRejection(store.put(chunks(new Uint8Array(), 1), hint), FileRefusedError, 'an empty file');
      await expectRejection(text(store.open('0'.repeat(64))), FileMissingError, 'an unknown file');
    },
  },
  {
    name: 'keeps nothing of a stream that breaks off',
    async run(make) {
      const store = await make();
      const bytes = samplePng();
      async function* broken() {
        yield bytes.subarray(0, 50);
        throw new Error('the line was cut');
      }
      await expectRejection(store.put(broken(), hint), Error, 'a broken stream');
      const id = createHash('sha256').update(bytes).digest('hex');
      await expectRejection(text(store.open(id)), FileMissingError, 'a file of which half came');
    },
  },
];

async function* chunks(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function text(source: Promise<AsyncIterable<Uint8Array>>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(await source)).toString('hex');
}
