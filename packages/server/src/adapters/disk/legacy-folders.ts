import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { constants, type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, relative, sep } from 'node:path';
import { FileRefusedError } from '@imaginarium/engine';
import type { FileRef } from '@imaginarium/protocol';
import { displayName } from '../../files/display-name.ts';
import { FileChangedError, type FileInPlace, type InPlaceRecord } from '../../files/files-in-place.ts';
import { HttpError } from '../../http/http-error.ts';
import type { InspectPicture } from './disk-file-store.ts';
import { sniffFile } from './sniff-file.ts';

export interface LegacyFoldersOptions {
  /** Absolute paths of the folders whose pictures may be read in place. */
  folders: readonly string[];
  record: InPlaceRecord;
  inspectPicture: InspectPicture;
  /** Most bytes of one file. */
  maxBytes: number;
}

/**
 * Folders of other applications, whose pictures are registered and read where they lie: nothing is copied and nothing is written. Whether a
 * path is inside is judged by where it really leads.
 */
export class LegacyFolders {
  readonly #options: LegacyFoldersOptions;

  constructor(options: LegacyFoldersOptions) {
    this.#options = options;
  }

  /**
   * Registers a picture where it lies. One that has not changed since it was registered is not read again.
   * @param sourcePath absolute path.
   * @throws {HttpError} `not-allowed` for what is not inside of an allowed folder, `not-found`; {@link FileRefusedError} for what is no picture.
   */
  async register(sourcePath: string): Promise<FileRef> {
    const { record, maxBytes, inspectPicture } = this.#options;
    const path = await this.#resolve(sourcePath);
    const name = displayName(basename(sourcePath));
    // Never waits for whoever writes to a pipe, and follows no link that was put there a moment ago.
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
      (error: unknown) => {
        throw refused(sourcePath, error);
      },
    );
    try {
      const stats = await handle.stat({ bigint: true });
      if (!stats.isFile()) throw outside(sourcePath);
      if (stats.size > BigInt(maxBytes))
        throw new FileRefusedError(
          'too-large',
          `${name} is larger than the limit of ${Math.floor(maxBytes / 1e6)} MB.`,
        );
      const known = await record.at(path);
      if (known && isAs(known, stats)) {
        // Kept anew, or it might be forgotten before somebody owns the file.
        await record.keep(known);
        return known.file;
      }
      const id = await hashOf(handle);
      const { kind, mime } = await sniffFile(path, name);
      if (kind !== 'image')
        throw new FileRefusedError('unknown-type', `${name}: expected a picture, its content is ${mime}.`);
      const size = await inspectPicture(path, name);
      const file: FileRef = { id, kind, mime, bytes: Number(stats.size), name, ...size };
      const registered = { path, file, writtenNs: stats.mtimeNs };
      const after = await stat(path, { bigint: true });
      if (!isAs(registered, after) || after.ino !== stats.ino || (await realpath(path)) !== path)
        throw new HttpError('bad-file', `${name} was changed while it was read. Send the request again.`);
      await record.keep(registered);
      return file;
    } finally {
      await handle.close();
    }
  }

  /** Where a registered file lies, in any of its places; undefined when none has this id. @throws {FileChangedError} when it is nowhere what it was. */
  async locate(id: string): Promise<string | undefined> {
    if (this.#options.folders.length === 0) return undefined;
    const places = await this.#options.record.withId(id);
    for (const known of places) if (await this.#isThere(known)) return known.path;
    const [last] = places;
    if (last) throw new FileChangedError(last);
    return undefined;
  }

  async #isThere(known: FileInPlace): Promise<boolean> {
    // The folder may be allowed no longer, and a link may lie where the file was.
    const path = await this.#resolve(known.path).catch(() => undefined);
    const stats = path === known.path ? await stat(path, { bigint: true }).catch(() => undefined) : undefined;
    return stats?.isFile() === true && isAs(known, stats);
  }

  /** Where a path really leads, when that is inside of an allowed folder. @throws {HttpError} */
  async #resolve(sourcePath: string): Promise<string> {
    const { folders } = this.#options;
    if (folders.length === 0)
      throw new HttpError(
        'not-allowed',
        'sourcePath: this server reads no files in place. Its owner can allow folders with IMAGINARIUM_LEGACY_FOLDERS; or upload the picture, and name it by fileId.',
      );
    // Decided before the disk is asked, so that nobody learns what lies elsewhere.
    const folder = folders.find((allowed) => isPlainlyInside(allowed, sourcePath));
    if (folder === undefined) throw outside(sourcePath);
    const [root, path] = await Promise.all([realpath(folder), realpath(sourcePath)]).catch((error: unknown) => {
      throw refused(sourcePath, error);
    });
    if (!isPlainlyInside(root, path)) throw outside(sourcePath);
    return path;
  }
}

/** Whether a path is below a folder as it is written: no step back, nothing hidden, nothing that says the same in another way. */
function isPlainlyInside(folder: string, path: string): boolean {
  if (!isAbsolute(path) || path.includes('\0')) return false;
  const below = relative(folder, path);
  const parts = below.split(sep);
  if (below === '' || isAbsolute(below) || parts.some((part) => part === '' || part.startsWith('.'))) return false;
  return path === (folder.endsWith(sep) ? folder + below : folder + sep + below);
}

function isAs({ file, writtenNs }: FileInPlace, { size, mtimeNs }: BigIntStats): boolean {
  return size === BigInt(file.bytes) && mtimeNs === writtenNs;
}

async function hashOf(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) hash.update(chunk);
  return hash.digest('hex');
}

function outside(sourcePath: string): HttpError {
  return new HttpError(
    'not-allowed',
    `sourcePath: expected the absolute path of a picture in a folder that this server may read in place, without . and .. in it and with nothing hidden, received ${JSON.stringify(sourcePath.slice(0, 300))}.`,
  );
}

/** What the disk says of a path inside of an allowed folder. */
function refused(sourcePath: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const shown = JSON.stringify(sourcePath.slice(0, 300));
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new HttpError('not-found', `sourcePath: there is no file ${shown}.`, undefined, { cause: error });
  if (code === 'ELOOP' || code === 'ENXIO' || code === 'ENAMETOOLONG') return outside(sourcePath);
  if (code === 'EACCES' || code === 'EPERM')
    return new HttpError(
      'not-allowed',
      `sourcePath: the server may not read ${shown}. Let its user read it.`,
      undefined,
      {
        cause: error,
      },
    );
  return error;
}
