import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** A file to put in an archive. */
export interface ArchiveEntry {
  path: string;
  /** Its name in the archive. */
  name: string;
}

/** Written into the archive in local time, so the same clock reading everywhere gives the same bytes. */
const FIXED_TIME = new Date(1980, 0, 1);

/**
 * Writes a ZIP of files, stored as they are: pictures are compressed already. The same files give the same bytes, on every machine.
 * @throws {Error} when a file cannot be read or the archive not be written.
 */
export async function writeArchive(entries: readonly ArchiveEntry[], target: string): Promise<void> {
  const { ZipFile } = await import('yazl');
  const zip = new ZipFile();
  const failed = new Promise<never>((_, reject) => {
    zip.on('error', reject);
  });
  for (const { path, name } of entries)
    zip.addFile(path, name, { mtime: FIXED_TIME, forceDosTimestamp: true, mode: 0o100644, compress: false });
  zip.end();
  await Promise.race([pipeline(zip.outputStream, createWriteStream(target)), failed]);
}
