import { copyFile, mkdir, open, rename, rm, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ModelError } from './model-error.ts';

/**
 * Copies a file to its place in the models folder: under another name first, so that half a file never has its name.
 * @throws {ModelError} `disk-full`, with what is free.
 */
export async function placeModel(from: string, to: string): Promise<{ bytes: number }> {
  const folder = dirname(to);
  await mkdir(folder, { recursive: true });
  const temporary = `${to}.import`;
  try {
    await copyFile(from, temporary);
    await using file = await open(temporary, 'r+');
    await file.sync();
    const { size } = await file.stat();
    await rename(temporary, to);
    return { bytes: size };
  } catch (error) {
    await rm(temporary, { force: true });
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    const { bavail, bsize } = await statfs(folder);
    throw new ModelError(
      'disk-full',
      `The model does not fit: ${Math.floor((bavail * bsize) / 1e6)} MB are free in ${folder}. Free some space, then try again.`,
      { cause: error },
    );
  }
}
