import { readdir, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { CliError } from '../cli-error.ts';

/** What pictures that can be read are called. Whether they are, their bytes say. */
const EXTENSIONS = new Set(['.png', '.jpg', '.jpeg', '.webp', '.avif', '.gif', '.tif', '.tiff']);
/** What other pictures are called: who has one in a folder wants to know that it was left out. */
const OTHERS = new Set([
  '.heic',
  '.heif',
  '.bmp',
  '.jxl',
  '.jp2',
  '.psd',
  '.svg',
  '.dng',
  '.cr2',
  '.cr3',
  '.nef',
  '.arw',
]);

/** A picture that is to be upscaled. */
export interface FoundPicture {
  path: string;
  /** The folders between the one that was named and the picture, `/` between them; empty for what lies in it, or was named itself. */
  below: string;
}

/** What was found. */
export interface FoundPictures {
  pictures: FoundPicture[];
  /** Pictures in folders that are of no kind that can be read. */
  others: string[];
}

/**
 * The pictures that were named, and those in folders that were named; each once, those of a folder by name.
 * @param results whole paths of pictures that an upscale made: where they lie in a folder, they are not upscaled again.
 * @param recursive whether folders in them are looked into too.
 * @throws {CliError} for what is not there, and where there is no picture.
 */
export async function findPictures(
  paths: readonly string[],
  results: ReadonlySet<string>,
  recursive = false,
): Promise<FoundPictures> {
  const found = new Map<string, FoundPicture>();
  const others: string[] = [];
  for (const path of paths) {
    const stats = await stat(path).catch((cause: unknown) => {
      throw new CliError(refusalOf(path, cause), 2, { cause });
    });
    if (!stats.isDirectory()) {
      found.set(path, { path, below: '' });
      continue;
    }
    const inside = await picturesIn(path, '', recursive);
    others.push(...inside.others);
    if (inside.pictures.length === 0)
      throw new CliError(
        `There is no picture in the folder ${path}: expected ${[...EXTENSIONS].join(', ')}.${inside.folders > 0 && !recursive ? ' With --recursive, folders in it are looked into.' : ''}`,
        2,
      );
    for (const picture of inside.pictures) if (!results.has(resolve(picture.path))) found.set(picture.path, picture);
  }
  if (found.size === 0)
    throw new CliError('All pictures there are results of an upscale. Name one to upscale it again.', 2);
  return { pictures: [...found.values()], others };
}

async function picturesIn(
  folder: string,
  below: string,
  recursive: boolean,
): Promise<FoundPictures & { folders: number }> {
  const entries = (await readdir(folder, { withFileTypes: true }))
    .filter(({ name }) => !name.startsWith('.'))
    .toSorted((one, other) => byName.compare(one.name, other.name));
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const named = (extensions: ReadonlySet<string>) =>
    files.filter((name) => extensions.has(extname(name).toLowerCase()));
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const pictures = named(EXTENSIONS).map((name) => ({ path: join(folder, name), below }));
  const others = named(OTHERS).map((name) => join(folder, name));
  for (const name of recursive ? folders : []) {
    const deeper = await picturesIn(join(folder, name), below === '' ? name : `${below}/${name}`, true);
    pictures.push(...deeper.pictures);
    others.push(...deeper.others);
  }
  return { pictures, others, folders: folders.length };
}

const byName = new Intl.Collator('en', { numeric: true });

function refusalOf(path: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? `There is no file or folder ${path}.` : `${path} cannot be read: ${message}`;
}
