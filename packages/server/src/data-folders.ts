import { join } from 'node:path';
import type { Config } from './config.ts';
import { makeFolder } from './make-folder.ts';
import { removeAbandonedWork, workFolderIn } from './work-folder.ts';

/** The data folder cannot be used; the message says why and what to do. */
export class DataFolderError extends Error {
  constructor(folder: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `The data folder ${folder} cannot be used: ${reason}.\nChoose another with --data or IMAGINARIUM_DATA_DIR, or let this user write to it.`,
      { cause },
    );
    this.name = 'DataFolderError';
  }
}

/** Where the bytes of files lie in the data folder. */
export const FILES_FOLDER = 'files';

/** The folders of a server, each an absolute path. */
export type DataFolders = Awaited<ReturnType<typeof makeFolders>>;

/**
 * Makes the folders that the server keeps things in, and clears what steps of an earlier process left behind.
 * @throws {DataFolderError}
 */
export async function makeFolders({ dataDir, queue }: Config) {
  const isShared = queue !== 'embedded';
  const folder = (name: string) => join(dataDir, name);
  const folders = {
    files: folder(FILES_FOLDER),
    outputs: folder('outputs'),
    thumbnails: folder('cache/thumbnails'),
    deepZooms: folder('cache/deep-zoom'),
    cache: folder('cache'),
    lasting: folder('lasting-work'),
    work: isShared ? workFolderIn(folder('work')) : folder('work'),
  };
  try {
    // What steps of an earlier process left behind belongs to nobody.
    await removeAbandonedWork(folder('work'), { shared: isShared });
    for (const path of Object.values(folders)) await makeFolder(path);
  } catch (error) {
    throw new DataFolderError(dataDir, error);
  }
  return folders;
}
