import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A package is some files; more than this is a folder that holds other things. */
const MOST_FILES = 5000;
/** Folders that hold nothing a package is developed in. */
const NOT_SOURCE = new Set(['node_modules', 'coverage']);

/** The files of a package at one moment. */
export interface PackageFiles {
  /** Relative paths, in order. */
  files: string[];
  /** Relative paths of its folders, its own as an empty text. */
  folders: string[];
  /** Changes when any file does. */
  hash: string;
}

/**
 * Lists what a package consists of; hidden folders, installed packages and what `leaveOut` names are no part of it.
 * @throws {Error} when it is too much to be a package.
 */
export async function listPackageFiles(folder: string, leaveOut: readonly string[] = []): Promise<PackageFiles> {
  const files: string[] = [];
  const folders: string[] = [];
  const pending = [''];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    folders.push(at);
    for (const entry of await readdir(join(folder, at), { withFileTypes: true })) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.isFile()) files.push(path);
      else if (entry.isDirectory() && !isLeftOut(entry.name) && !leaveOut.includes(path)) pending.push(path);
    }
    if (files.length > MOST_FILES)
      throw new Error(`${folder} holds more than ${MOST_FILES} files. Name the folder of the package itself.`);
  }
  files.sort();
  const hash = createHash('sha256');
  for (const path of files) hash.update(`${path}\n`).update(await readFile(join(folder, path)));
  return { files, folders, hash: hash.digest('hex') };
}

function isLeftOut(name: string): boolean {
  return name.startsWith('.') || NOT_SOURCE.has(name);
}

/** Copies the files of a package as they are now: what is imported from the copy stays as it was, whatever is saved later. */
export async function copyPackage(folder: string, files: readonly string[], target: string): Promise<void> {
  for (const parent of new Set(files.map((path) => dirname(join(target, path)))))
    await mkdir(parent, { recursive: true });
  await Promise.all(files.map((path) => copyFile(join(folder, path), join(target, path), constants.COPYFILE_FICLONE)));
}
