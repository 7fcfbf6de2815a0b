import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { FileRefusedError } from '@imaginarium/engine';
import type { FileKind } from '@imaginarium/protocol';

/** The types that are accepted, by what their bytes say. */
const KIND_BY_MIME = new Map<string, FileKind>([
  ...['png', 'jpeg', 'webp', 'avif', 'gif', 'tiff'].map((type) => [`image/${type}`, 'image'] as const),
  ['image/apng', 'image'],
  ...['video/mp4', 'video/webm', 'video/quicktime', 'video/x-matroska'].map((type) => [type, 'video'] as const),
  ...['audio/mpeg', 'audio/wav', 'audio/ogg', 'audio/flac', 'audio/x-flac', 'audio/x-m4a', 'audio/mp4'].map(
    (type) => [type, 'audio'] as const,
  ),
  ...['application/zip', 'application/pdf'].map((type) => [type, 'document'] as const),
]);

const TEXT_MIME_BY_EXTENSION = new Map([
  ['.csv', 'text/csv'],
  ['.json', 'application/json'],
  ['.jsonl', 'application/json'],
  ['.md', 'text/markdown'],
  ['.txt', 'text/plain'],
]);

const PICTURE_EXTENSIONS = new Set([
  '.png',
  '.jpg',
  '.jpeg',
  '.webp',
  '.avif',
  '.gif',
  '.tif',
  '.tiff',
  '.bmp',
  '.heic',
  '.svg',
]);

/**
 * Finds out what a file is by its bytes; its name only tells texts apart.
 * @throws {FileRefusedError} for a type nobody here reads, and for a name that promises a picture the bytes are not.
 */
export async function sniffFile(path: string, name: string): Promise<{ kind: FileKind; mime: string }> {
  // Loaded with the first file: it knows hundreds of types, and many servers see no file for days.
  const { fileTypeFromFile } = await import('file-type');
  const found = await fileTypeFromFile(path);
  const extension = extname(name).toLowerCase();
  const claimsPicture = PICTURE_EXTENSIONS.has(extension);
  if (found) {
    // What animates is a PNG all the same: its first frame is read.
    const mime = found.mime === 'image/apng' ? 'image/png' : found.mime;
    const kind = KIND_BY_MIME.get(found.mime);
    if (kind && (!claimsPicture || kind === 'image')) return { kind, mime };
    throw refuse(name, claimsPicture, `its content is ${found.mime}`);
  }
  if (!(await isText(path))) throw refuse(name, claimsPicture, 'its content is of no type known here');
  if (claimsPicture) throw refuse(name, true, 'its content is text');
  return { kind: 'document', mime: TEXT_MIME_BY_EXTENSION.get(extension) ?? 'text/plain' };
}

function refuse(name: string, claimsPicture: boolean, what: string): FileRefusedError {
  return claimsPicture
    ? new FileRefusedError(
        'unknown-type',
        `${name} is not a picture that can be read: ${what}. Use PNG, JPEG, WebP, AVIF, GIF or TIFF.`,
      )
    : new FileRefusedError(
        'unknown-type',
        `${name} cannot be used: ${what}. Use a picture, video, sound, PDF, ZIP, CSV, JSON or text.`,
      );
}

/** Whether the first 64 kB are UTF-8 without control characters that texts do not have. */
async function isText(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0);
    // A character cut in two at the end is no fault: `stream` leaves it for later.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead), { stream: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point.
    return !/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text);
  } catch {
    return false;
  } finally {
    await handle.close();
  }
}
