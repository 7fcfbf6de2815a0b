import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileMissingError } from '@imaginarium/engine';
import { fileStoreConformance } from '@imaginarium/engine/testing';
import { NonRetryableError } from '@imaginarium/node-sdk';
import { samplePng } from '@imaginarium/node-sdk/testing';
import type { FileRef } from '@imaginarium/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskFileStore } from './disk-file-store.ts';
import { DiskStepFiles } from './disk-step-files.ts';
import { OutputFolder } from './output-folder.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'imaginarium-disk-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

function aStore(maxBytes = 1_000_000): DiskFileStore {
  const inspectPicture = async () => ({ width: 64, height: 48 });
  return new DiskFileStore({ root: join(root, 'files'), inspectPicture, maxBytes });
}

function hashOf(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

async function* bytesOf(content: string | Uint8Array): AsyncIterable<Uint8Array> {
  yield typeof content === 'string' ? Buffer.from(content) : content;
}

describe('DiskFileStore', () => {
  for (const check of fileStoreConformance) it(check.name, () => check.run(async () => aStore()));

  it('removes what a process that died had begun to write, and nothing that is being written', async () => {
    const incoming = join(root, 'files', 'incoming');
    await mkdir(incoming, { recursive: true });
    for (const name of ['forgotten', 'at-work']) await writeFile(join(incoming, name), 'half a fi');
    const longAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
    await utimes(join(incoming, 'forgotten'), longAgo, longAgo);
    await aStore().removeForgotten();
    expect(await readdir(incoming)).toEqual(['at-work']);
  });

  it('tells what a file is by its bytes', async () => {
    const store = aStore();
    expect(await store.put(bytesOf(samplePng()), { name: 'photo' })).toMatchObject({
      kind: 'image',
      width: 64,
      height: 48,
    });
    expect(await store.put(bytesOf('a,b\n1,2\n'), { name: 'rows.csv' })).toMatchObject({
      kind: 'document',
      mime: 'text/csv',
    });
    expect(await store.put(bytesOf('Grüße'), { name: 'note' })).toMatchObject({ mime: 'text/plain' });
  });

  it.each([
    ['a text named .png', 'hello', 'photo.png', 'its content is text'],
    ['a ZIP named .jpg', Buffer.from('504b03040a0000000000', 'hex'), 'photo.jpg', 'its content is application/zip'],
    ['a program', Buffer.concat([Buffer.from('7f454c46020101', 'hex'), Buffer.alloc(64)]), 'tool', 'cannot be used'],
    ['a drawing', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'logo.svg', 'not a picture that can be read'],
    ['nothing', '', 'empty.png', 'empty.png is empty'],
  ])('refuses %s', async (_what, content, name, message) => {
    await expect(aStore().put(bytesOf(content), { name })).rejects.toThrow(message);
  });

  it('refuses a file over the limit, and leaves nothing behind', async () => {
    await expect(aStore(100).put(bytesOf(samplePng()), { name: 'photo.png' })).rejects.toThrow('larger than the limit');
    expect(await readdir(join(root, 'files', 'incoming'))).toEqual([]);
  });
});

describe('DiskStepFiles', () => {
  const open = (store: DiskFileStore, owned: Set<string>) =>
    new DiskStepFiles(
      {
        store,
        owned: {
          addMade: async (file: FileRef) => void owned.add(file.id),
          missing: async (ids: readonly string[]) => ids.filter((id) => !owned.has(id)),
        },
        outputFolder: new OutputFolder(join(root, 'out')),
        workFolder: join(root, 'work'),
        lastingFolderOf: (_runId, call) => join(root, 'lasting', call),
      },
      'run',
      'call',
    );

  it('reads what it wrote, and nothing of another workspace', async () => {
    const store = aStore();
    await using mine = open(store, new Set());
    await using theirs = open(store, new Set());
    const file = await mine.write(samplePng(), { name: 'photo.png' });
    expect(Buffer.from(await mine.read(file)).equals(samplePng())).toBe(true);
    await expect(theirs.read(file)).rejects.toThrow(FileMissingError);
  });

  it('removes its folder when it is done', async () => {
    {
      await using files = open(aStore(), new Set());
      await writeFile(join(await files.folder(), 'scratch'), 'x');
    }
    expect(await readdir(join(root, 'work'))).toEqual([]);
  });

  it('keeps its lasting folder for another try, until the node has returned', async () => {
    {
      await using first = open(aStore(), new Set());
      await writeFile(join(await first.lastingFolder(), 'half'), 'x');
    }
    {
      await using second = open(aStore(), new Set());
      expect(await readdir(await second.lastingFolder())).toEqual(['half']);
      second.noteReturned();
    }
    expect(await readdir(join(root, 'lasting'))).toEqual([]);
  });

  it('makes no folder once it is done', async () => {
    const files = open(aStore(), new Set());
    await files[Symbol.asyncDispose]();
    await expect(files.folder()).rejects.toThrow('is over');
    await expect(files.lastingFolder()).rejects.toThrow('is over');
  });
});

describe('OutputFolder', () => {
  const save = async (path: string, whenTaken: 'keep-both' | 'replace' = 'keep-both', content = '0') => {
    const source = join(root, 'source');
    await writeFile(source, content);
    return new OutputFolder(join(root, 'out')).save(source, hashOf(content), path, whenTaken);
  };

  it('saves into folders it makes', async () => {
    expect(await save('a/b/photo.png')).toBe('a/b/photo.png');
    expect(await readFile(join(root, 'out/a/b/photo.png'), 'utf8')).toBe('0');
  });

  it('keeps both of two different files, and one of two equal ones', async () => {
    await save('photo.png');
    expect(await save('photo.png')).toBe('photo.png');
    expect(await save('photo.png', 'keep-both', '1')).toBe('photo (2).png');
    expect(await save('photo.png', 'replace', '2')).toBe('photo.png');
    expect((await readdir(join(root, 'out'))).toSorted()).toEqual(['photo (2).png', 'photo.png']);
  });

  it('never writes outside of itself, whatever the path', async () => {
    const part = fc.oneof(
      fc.constantFrom('..', '.', '', 'a', 'b.png', '\\', '/', 'c:', '..\\..', '\u0000'),
      fc.string({ maxLength: 5 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (parts) => {
        const path = parts.join('/');
        const saved = await save(path).catch((error: unknown) => {
          if (error instanceof NonRetryableError || (error as NodeJS.ErrnoException).code) return undefined;
          throw error;
        });
        if (saved !== undefined) expect(await readFile(join(root, 'out', saved), 'utf8')).toBe('0');
        expect((await readdir(root)).filter((name) => name !== 'out' && name !== 'source')).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('does not follow a link that leads out', async () => {
    await mkdir(join(root, 'out'), { recursive: true });
    await mkdir(join(root, 'secret'));
    await symlink(join(root, 'secret'), join(root, 'out', 'door'));
    await expect(save('door/photo.png')).rejects.toThrow('leads out of the output folder');
    expect(await readdir(join(root, 'secret'))).toEqual([]);
  });
});
