import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join, normalize } from 'node:path';
import type { FileKind, FileRef } from '@imaginarium/protocol';
import type { FileHint, NodeFiles } from '../context.ts';
import { NonRetryableError } from '../errors.ts';

const MIME_BY_EXTENSION: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.tiff': 'image/tiff',
  '.gif': 'image/gif',
  '.zip': 'application/zip',
  '.csv': 'text/csv',
  '.json': 'application/json',
  '.txt': 'text/plain',
};

/** The files of a node under test: real ones in a temporary folder, so that nodes which want a path get one. */
export class TestFiles implements NodeFiles, AsyncDisposable {
  readonly #root: Promise<string> = mkdtemp(join(tmpdir(), 'imaginarium-node-test-'));

  async write(bytes: Uint8Array, hint: FileHint): Promise<FileRef> {
    const id = createHash('sha256').update(bytes).digest('hex');
    await writeFile(join(await this.#root, id), bytes);
    const mime = hint.mime ?? MIME_BY_EXTENSION[extname(hint.name).toLowerCase()] ?? 'application/octet-stream';
    const { name, width, height } = hint;
    return {
      id,
      kind: kindOf(mime),
      mime,
      bytes: bytes.length,
      name,
      ...(width === undefined ? {} : { width }),
      ...(height === undefined ? {} : { height }),
    };
  }

  async read(file: FileRef): Promise<Uint8Array> {
    return readFile(await this.path(file));
  }

  async path(file: FileRef): Promise<string> {
    return join(await this.#root, file.id);
  }

  async adopt(path: string, hint: FileHint): Promise<FileRef> {
    return this.write(await readFile(path), hint);
  }

  async folder(): Promise<string> {
    return mkdtemp(join(await this.#root, 'folder-'));
  }

  async lastingFolder(): Promise<string> {
    const folder = join(await this.#root, 'lasting');
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /** Where {@link export} puts files. */
  async outputFolder(): Promise<string> {
    return join(await this.#root, 'out');
  }

  async export(file: FileRef, path: string, whenTaken: 'keep-both' | 'replace'): Promise<string> {
    const clean = normalize(path);
    if (clean.startsWith('..') || clean.startsWith('/'))
      throw new NonRetryableError(`path: "${path}" leaves the output folder`);
    const target = join(await this.outputFolder(), clean);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, await this.read(file), { flag: whenTaken === 'replace' ? 'w' : 'wx' });
    return clean;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(await this.#root, { recursive: true, force: true });
  }
}

function kindOf(mime: string): FileKind {
  const [family] = mime.split('/');
  return family === 'image' || family === 'video' || family === 'audio' ? family : 'document';
}
