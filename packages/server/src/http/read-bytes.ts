import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { HttpError } from './http-error.ts';

/**
 * Reads the bytes of a body as they came into `req.body`, as {@link bytesOf} does.
 * @param limitBytes of the body.
 */
export function readBytes(limitBytes: number): RequestHandler {
  return async (req, _res, next) => {
    req.body = await bytesOf(req, limitBytes);
    next();
  };
}

/**
 * The bytes of a body as they came, none where there are none. What is packed is refused, never unpacked: signatures are about the bytes
 * that came. A busy webhook reads thousands of bodies a second, for which a parser of many kinds asks too much.
 * @param limitBytes of the body.
 * @throws {HttpError} `unsupported-media-type` for one that is packed, `too-large`, or `bad-request` when it did not arrive whole.
 */
export function bytesOf(req: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const packed = req.headers['content-encoding'];
    if (packed !== undefined && packed.toLowerCase() !== 'identity') throw unsupported(packed);
    if (Number(req.headers['content-length'] ?? 0) > limitBytes) throw tooLarge(limitBytes);
    const pieces: Buffer[] = [];
    let length = 0;
    let isOver = false;
    req.on('data', (piece: Buffer) => {
      if (isOver) return; // What is still on its way is thrown away, so that the refusal can be heard.
      length += piece.length;
      pieces.push(piece);
      if (length <= limitBytes) return;
      isOver = true;
      reject(tooLarge(limitBytes));
    });
    req.on('end', () => {
      isOver = true;
      resolve(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces));
    });
    // Every request is closed at last: an error is made only of one that is not read to its end.
    const cut = (cause?: Error) => {
      if (isOver) return;
      isOver = true;
      reject(new HttpError('bad-request', 'The body did not arrive whole.', undefined, { cause }));
    };
    req.on('error', cut);
    req.on('close', cut);
  });
}

function unsupported(packed: string): HttpError {
  return new HttpError('unsupported-media-type', `The body has an unsupported content encoding "${packed}".`);
}

function tooLarge(limitBytes: number): HttpError {
  return new HttpError('too-large', `The body is larger than ${limitBytes} bytes.`);
}
