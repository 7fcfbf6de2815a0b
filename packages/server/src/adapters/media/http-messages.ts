import type { HttpAnswer, HttpRequest } from '@imaginarium/node-sdk';

/** A request to a service as it crosses between processes: bytes are text, for not every channel carries them. */
export interface RequestMessage extends Omit<HttpRequest, 'body'> {
  body?: { text: string } | { base64: string } | { path: string };
}

/** An answer of a service as it crosses between processes. */
export interface AnswerMessage extends Omit<HttpAnswer, 'body'> {
  base64: string;
}

export function toRequestMessage({ body, ...rest }: HttpRequest): RequestMessage {
  if (body === undefined) return rest;
  if (typeof body === 'string') return { ...rest, body: { text: body } };
  return { ...rest, body: 'path' in body ? { path: body.path } : { base64: Buffer.from(body).toString('base64') } };
}

export function fromRequestMessage({ body, ...rest }: RequestMessage): HttpRequest {
  if (body === undefined) return rest;
  if ('text' in body) return { ...rest, body: body.text };
  return { ...rest, body: 'path' in body ? body : Buffer.from(body.base64, 'base64') };
}

export function toAnswerMessage({ body, ...rest }: HttpAnswer): AnswerMessage {
  return { ...rest, base64: Buffer.from(body).toString('base64') };
}

export function fromAnswerMessage({ base64, ...rest }: AnswerMessage): HttpAnswer {
  return { ...rest, body: Buffer.from(base64, 'base64') };
}
