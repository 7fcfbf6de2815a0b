import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder, with those above it that are missing. What Node does by itself (`recursive`) tries on and on, without an answer, where a
 * place takes no folders, such as `/proc`.
 * @throws what the disk says.
 */
export async function makeFolder(path: string): Promise<void> {
  const folder = resolve(path);
  try {
    await makeOne(folder);
  } catch (error) {
    const above = dirname(folder);
    // One above is missing, or else nothing can be made in it.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || (await isFolder(above))) throw error;
    await makeFolder(above);
    await makeOne(folder);
  }
}

async function makeOne(folder: string): Promise<void> {
  await mkdir(folder).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST' || !(await isFolder(folder))) throw error;
  });
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
