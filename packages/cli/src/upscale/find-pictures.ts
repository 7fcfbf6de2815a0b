import { readdir, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { CliError } from '../cli-error.ts';

/** What pictures that can be read are called. Whether they are, their bytes say. */
const EXTENSIONS = new Set(['.png', '.jpg', '.jpeg', '.webp', '.avif', '.gif', '.tif', '.tiff']);

/**
 * The pictures that were named, and those in folders that were named, without the folders in them; each once, those of a folder by name.
 * @param results whole paths of pictures that an upscale made: where they lie in a folder, they are not upscaled again.
 * @throws {CliError} for what is not there, and where there is no picture.
 */
export async function findPictures(paths: readonly string[], results: ReadonlySet<string>): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const stats = await stat(path).catch((cause: unknown) => {
      throw new CliError(refusalOf(path, cause), 2, { cause });
    });
    if (!stats.isDirectory()) {
      found.push(path);
      continue;
    }
    const inside = await picturesIn(path);
    if (inside.length === 0)
      throw new CliError(`There is no picture in the folder ${path}: expected ${[...EXTENSIONS].join(', ')}.`, 2);
    found.push(...inside.filter((picture) => !results.has(resolve(picture))));
  }
  if (found.length === 0)
    throw new CliError('All pictures there are results of an upscale. Name one to upscale it again.', 2);
  return [...new Set(found)];
}

async function picturesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter(
      (entry) =>
        !entry.isDirectory() && !entry.name.startsWith('.') && EXTENSIONS.has(extname(entry.name).toLowerCase()),
    )
    .map(({ name }) => name)
    .toSorted(new Intl.Collator('en', { numeric: true }).compare)
    .map((name) => join(folder, name));
}

function refusalOf(path: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? `There is no file or folder ${path}.` : `${path} cannot be read: ${message}`;
}
