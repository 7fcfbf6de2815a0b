import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FileStore } from '@imaginarium/engine';
import type { StoredFile } from '@imaginarium/protocol';
import type { Request, Response } from 'express';
import { readByteRange } from '../files/byte-range.ts';
import { contentDisposition } from '../files/display-name.ts';
import { HttpError } from './http-error.ts';

/** The types a browser may show in a page of ours. What is not here is a download, whatever its bytes say of themselves. */
const SHOWN = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif']);

/** Content never changes under its id. */
const FOR_EVER = 'private, max-age=31536000, immutable';

/** Headers under which bytes that somebody uploaded can do no harm in a browser. */
function setFileHeaders(res: Response, etag: string): void {
  res.setHeader('etag', `"${etag}"`);
  res.setHeader('cache-control', FOR_EVER);
  res.setHeader('x-content-type-options', 'nosniff');
  res.setHeader('content-security-policy', "sandbox; default-src 'none'");
}

/** Sends a picture that was made of a stored file and lies on the disk. @throws system errors of reading it, such as ENOENT. */
export async function sendMade(
  req: Request,
  res: Response,
  { path, etag, mime }: { path: string; etag: string; mime: string },
): Promise<void> {
  setFileHeaders(res, etag);
  res.setHeader('content-type', mime);
  if (req.fresh) {
    res.status(304).end();
    return;
  }
  await new Promise<void>((resolve, reject) => {
    const options = { dotfiles: 'allow' as const, etag: false, lastModified: false, cacheControl: false };
    res.sendFile(path, options, (error?: NodeJS.ErrnoException) =>
      error && error.code !== 'ECONNABORTED' ? reject(error) : resolve(),
    );
  });
}

/** Sends a file, whole or the range that is asked for. */
export async function sendFile(
  req: Request,
  res: Response,
  file: StoredFile,
  store: FileStore,
  { download, name }: { download: boolean; name: string },
): Promise<void> {
  const shown = SHOWN.has(file.mime);
  setFileHeaders(res, file.id);
  res.setHeader('accept-ranges', 'bytes');
  res.setHeader('content-type', shown ? file.mime : 'application/octet-stream');
  res.setHeader('content-disposition', contentDisposition(shown && !download ? 'inline' : 'attachment', name));
  if (req.fresh) {
    res.status(304).end();
    return;
  }
  const condition = req.headers['if-range'];
  const asked = condition === undefined || condition === `"${file.id}"` ? req.headers.range : undefined;
  const range = readByteRange(asked, file.bytes);
  if (range === 'unsatisfiable') {
    res.setHeader('content-range', `bytes */${file.bytes}`);
    throw new HttpError('range-not-satisfiable', `Range: expected bytes within 0-${file.bytes - 1}, received ${asked}`);
  }
  if (range) res.status(206).setHeader('content-range', `bytes ${range.start}-${range.end}/${file.bytes}`);
  res.setHeader('content-length', range ? range.end - range.start + 1 : file.bytes);
  if (req.method === 'HEAD') {
    res.end();
    return;
  }
  const bytes = await store.open(file.id, range);
  await pipeline(Readable.from(bytes, { objectMode: false }), res).catch((error: NodeJS.ErrnoException) => {
    // The reader went away: nobody is left to be told.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}
