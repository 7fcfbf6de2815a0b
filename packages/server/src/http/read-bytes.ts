import type { RequestHandler } from 'express';
import { HttpError } from './http-error.ts';

/**
 * Reads the bytes of a body as they came into `req.body`, and nothing where there are none. What is packed is refused, never unpacked:
 * signatures are about the bytes that came. A busy webhook reads thousands of bodies a second, for which a parser of many kinds asks too much.
 * @param limitBytes of the body.
 */
export function readBytes(limitBytes: number): RequestHandler {
  return (req, _res, next) => {
    const packed = req.headers['content-encoding'] ?? 'identity';
    if (packed.toLowerCase() !== 'identity')
      throw new HttpError('unsupported-media-type', `The body has an unsupported content encoding "${packed}".`);
    if (Number(req.headers['content-length'] ?? 0) > limitBytes) throw tooLarge(limitBytes);
    const pieces: Buffer[] = [];
    let length = 0;
    let isOver = false;
    const end = (error?: HttpError) => {
      if (isOver) return;
      isOver = true;
      req.body = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
      next(error);
    };
    req.on('data', (piece: Buffer) => {
      if (isOver) return; // What is still on its way is thrown away, so that the refusal can be heard.
      length += piece.length;
      if (length > limitBytes) end(tooLarge(limitBytes));
      else pieces.push(piece);
    });
    req.once('end', () => end());
    const cut = (cause?: Error) =>
      end(new HttpError('bad-request', 'The body did not arrive whole.', undefined, { cause }));
    req.once('error', cut);
    req.once('close', () => cut());
  };
}

function tooLarge(limitBytes: number): HttpError {
  return new HttpError('too-large', `The body is larger than ${limitBytes} bytes.`);
}
