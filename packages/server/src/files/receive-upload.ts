import type { IncomingMessage } from 'node:http';
import { HttpError } from '../http/http-error.ts';

/** The slowest an upload may arrive: fewer bytes than this in one period end it. */
const SLOWEST = { bytes: 30_000, periodMs: 30_000 } as const;

/**
 * The body of an upload as it arrives, a piece at a time. Ends with an error when the line breaks, so that half a file is never taken
 * for a whole one.
 * @throws {HttpError} `too-large` once more than `limitBytes` have come; `unsupported-media-type` for bodies that are not plain bytes.
 */
export function receiveUpload(req: IncomingMessage, limitBytes: number): AsyncIterable<Uint8Array> {
  const type = req.headers['content-type'] ?? '';
  const encoding = req.headers['content-encoding'] ?? 'identity';
  if (/^multipart\//i.test(type) || encoding !== 'identity') {
    throw new HttpError(
      'unsupported-media-type',
      `Send the bytes of the file as the body, received ${encoding === 'identity' ? type : `content-encoding ${encoding}`}.`,
    );
  }
  if (Number(req.headers['content-length'] ?? 0) > limitBytes) throw tooLarge(limitBytes);
  return pieces(req, limitBytes);
}

async function* pieces(req: IncomingMessage, limitBytes: number): AsyncGenerator<Uint8Array> {
  let total = 0;
  let before = 0;
  const watch = setInterval(() => {
    if (total - before < SLOWEST.bytes) req.destroy(new Error('The upload stalled.'));
    before = total;
  }, SLOWEST.periodMs);
  try {
    // The line stays open when reading ends early: the refusal still has to go back on it.
    for await (const piece of req.iterator({ destroyOnReturn: false })) {
      total += (piece as Uint8Array).byteLength;
      if (total > limitBytes) throw tooLarge(limitBytes);
      yield piece as Uint8Array;
    }
    if (!req.complete) throw new HttpError('bad-request', 'The upload broke off before its end. Send the file again.');
  } finally {
    clearInterval(watch);
  }
}

function tooLarge(limitBytes: number): HttpError {
  const megabytes = Math.floor(limitBytes / 1_000_000);
  return new HttpError(
    'too-large',
    `The file is larger than ${megabytes} MB, the limit of this server (IMAGINARIUM_UPLOAD_LIMIT_MB).`,
  );
}
