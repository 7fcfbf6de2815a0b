import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, link, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, extname, isAbsolute, join, relative, sep } from 'node:path';
import { NonRetryableError } from '@imaginarium/node-sdk';
import { makeFolder } from '../../make-folder.ts';

const MOST_NUMBERED = 10_000;

/**
 * The folder that workflows save results to, where people find them with their own tools. Paths are relative to it, and nothing that a
 * workflow names can lead out of it.
 */
export class OutputFolder {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Copies a file into the folder. Saving the same bytes under the same path again changes nothing, so a repeated step leaves one copy.
   * @param source local path of the file.
   * @param id SHA-256 of its bytes.
   * @param path relative path with `/` between its parts.
   * @returns the path it got, relative to the folder.
   * @throws {NonRetryableError} for a path that leaves the folder or is not one.
   */
  async save(source: string, id: string, path: string, whenTaken: 'keep-both' | 'replace'): Promise<string> {
    const target = this.#targetOf(path);
    await this.#makeFolder(dirname(target), path);
    const temporary = `${target}.${process.pid}-${Math.random().toString(36).slice(2)}.part`;
    try {
      await copyFile(source, temporary);
      return this.#shown(await place(temporary, target, id, whenTaken));
    } finally {
      await rm(temporary, { force: true });
    }
  }

  #targetOf(path: string): string {
    const parts = path.split('/');
    const unfit = parts.some((part) => ['', '.', '..'].includes(part) || part.includes('\\') || part.includes('\0'));
    if (isAbsolute(path) || unfit)
      throw new NonRetryableError(`path: expected folders and a name below the output folder, received "${path}"`);
    return join(this.#root, ...parts);
  }

  /** Makes the folders, and checks that no link among them leads out. */
  async #makeFolder(folder: string, path: string): Promise<void> {
    await makeFolder(folder);
    const inside = relative(await realpath(this.#root), await realpath(folder));
    if (inside.startsWith('..') || isAbsolute(inside))
      throw new NonRetryableError(`path: "${path}" leads out of the output folder through a link`);
  }

  #shown(target: string): string {
    return relative(this.#root, target).split(sep).join('/');
  }
}

async function place(
  temporary: string,
  target: string,
  id: string,
  whenTaken: 'keep-both' | 'replace',
): Promise<string> {
  if (whenTaken === 'replace') {
    await rename(temporary, target);
    return target;
  }
  for (let number = 1; number < MOST_NUMBERED; number++) {
    const candidate = number === 1 ? target : numbered(target, number);
    try {
      // Linking fails when the name is taken, even by another process at this moment; renaming would replace it.
      await link(temporary, candidate);
      return candidate;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (await holds(candidate, id)) return candidate;
    }
  }
  throw new NonRetryableError(`path: ${MOST_NUMBERED} files are already called like "${target}"`);
}

function numbered(path: string, number: number): string {
  const extension = extname(path);
  return `${path.slice(0, path.length - extension.length)} (${number})${extension}`;
}

async function holds(path: string, id: string): Promise<boolean> {
  if (!(await stat(path)).isFile()) return false;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex') === id;
}
