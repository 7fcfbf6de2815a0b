import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fetchRange } from './fetch-range.ts';
import { ModelError } from './model-error.ts';

/** How often a download that broke off goes on without having got any further. */
const MOST_TRIES = 5;
/** Between tries, doubled each time. */
const FIRST_PAUSE_MS = 500;

export interface Download {
  url: string;
  /** Where the bytes are gathered. What is there already is gone on from. */
  path: string;
  /** SHA-256 of the whole file. */
  sha256: string;
  /** Bytes of the whole file; null when they are not known. */
  bytes: number | null;
  proxyUrl: string | null;
  signal: AbortSignal;
  /** Told now and then: bytes that are here, and those of the whole, as far as anybody says. */
  onProgress(bytes: number, total: number | null): void;
  /** For tests: how long to wait before the first new try. */
  pauseMs?: number;
}

/** The line broke, or the other side is not well: the same request may succeed. */
class BrokenOffError extends Error {}

/**
 * Fetches a file that is known by its checksum, going on where it broke off. When it returns, the whole file is at `path`, on the disk, and
 * is the one that was asked for.
 * @throws {ModelError} with what to do, when it is not to be had; the signal's reason when it is aborted. What has come stays for the next
 * try, unless it is wrong.
 */
export async function download(job: Download): Promise<void> {
  let pauseMs = job.pauseMs ?? FIRST_PAUSE_MS;
  for (let tries = 1, before = await sizeOf(job.path); ; tries++) {
    job.signal.throwIfAborted();
    try {
      await attempt(job);
      return;
    } catch (error) {
      job.signal.throwIfAborted();
      if (!(error instanceof BrokenOffError)) throw error;
      const here = await sizeOf(job.path);
      if (here > before) tries = 1;
      before = here;
      if (tries >= MOST_TRIES)
        throw new ModelError(
          'model-refused',
          `${job.url} could not be fetched${throughProxy(job)}: ${error.message}. ${here > 0 ? `${here} bytes are kept, and the next try goes on from there.` : remedyFor(job)}`,
          { cause: error },
        );
      await sleep(pauseMs, undefined, { signal: job.signal });
      pauseMs *= 2;
    }
  }
}

/** The proxy by its host alone: its address may have a password in it. */
function throughProxy({ proxyUrl }: Download): string {
  return proxyUrl === null ? '' : ` through the proxy ${URL.parse(proxyUrl)?.host ?? ''}`;
}

function remedyFor({ proxyUrl }: Download): string {
  return proxyUrl === null
    ? 'Check the network, or set a proxy (IMAGINARIUM_MODELS_PROXY) or a mirror (IMAGINARIUM_MODELS_MIRROR).'
    : 'Check the proxy (IMAGINARIUM_MODELS_PROXY), or set a mirror that it lets through (IMAGINARIUM_MODELS_MIRROR).';
}

async function attempt(job: Download): Promise<void> {
  const { path, bytes, url, signal, proxyUrl } = job;
  const here = await sizeOf(path);
  if (bytes !== null && here > bytes) {
    await rm(path, { force: true });
    return attempt(job);
  }
  if (here > 0 && here === bytes) return finish(job, await hashOf(path));
  const response = await fetchRange({ url, from: here, proxyUrl, signal }).catch((cause: unknown) => {
    throw new BrokenOffError(cause instanceof Error ? cause.message : String(cause), { cause });
  });
  try {
    const from = await startOf(job, response, here);
    if (from === undefined) return await attempt(job);
    const total = totalOf(job, response, from);
    const hash = from > 0 ? await hashOf(path) : createHash('sha256');
    await using file = await open(path, from > 0 ? 'r+' : 'w');
    await receive(job, response, { file, from, total, hash });
    await file.sync();
    await finish(job, hash);
  } finally {
    response.destroy();
  }
}

/** The byte that the answer begins at; undefined when what is here is good for nothing, and was removed. @throws {ModelError} {@link BrokenOffError} */
async function startOf({ path, url }: Download, { statusCode, headers }: IncomingMessage, here: number) {
  if (statusCode === 200) return 0;
  if (statusCode === 206) {
    const start = Number(/^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1] ?? Number.NaN);
    if (start === here) return here;
  }
  if (statusCode === 206 || statusCode === 416) {
    if (here === 0) throw new ModelError('model-refused', `${url} answers with ${statusCode} to a plain request.`);
    // What is here is not the beginning of what is there.
    await rm(path, { force: true });
    return undefined;
  }
  if (statusCode === 408 || statusCode === 429 || (statusCode ?? 500) >= 500)
    throw new BrokenOffError(`the answer was ${statusCode}`);
  const gone = statusCode === 404 || statusCode === 410;
  throw new ModelError(
    'model-refused',
    `${url} answers with ${statusCode}${gone ? ': the file is not there any more' : ''}. Get the file in another way and import it, or set a mirror (IMAGINARIUM_MODELS_MIRROR).`,
  );
}

/** @throws {ModelError} when the other side has a file of another length. */
function totalOf({ url, bytes }: Download, { headers }: IncomingMessage, from: number): number | null {
  const length = headers['content-length'];
  const total = length === undefined ? bytes : from + Number(length);
  if (bytes === null || total === bytes) return total;
  throw new ModelError(
    'model-refused',
    `${url} has ${total} bytes; ${bytes} were expected, so it is another file. Import the right one, or set another mirror.`,
  );
}

interface Receiving {
  file: FileHandle;
  from: number;
  total: number | null;
  hash: Hash;
}

async function receive(
  job: Download,
  response: IncomingMessage,
  { file, from, total, hash }: Receiving,
): Promise<void> {
  let at = from;
  job.onProgress(at, total);
  const body = response[Symbol.asyncIterator]();
  for (;;) {
    const next = await body.next().catch((cause: unknown) => {
      throw new BrokenOffError(`it broke off after ${at} bytes`, { cause });
    });
    if (next.done) break;
    const chunk = next.value as Buffer;
    if (total !== null && at + chunk.length > total)
      throw new ModelError('model-refused', `${job.url} sends more than the ${total} bytes it has.`);
    await file.write(chunk, 0, chunk.length, at);
    hash.update(chunk);
    at += chunk.length;
    job.onProgress(at, total);
  }
  const { complete, headers } = response;
  // An answer that ended as its sender meant it to, and never said that it would be longer.
  if (complete && from === 0 && total !== null && at < total && headers['content-length'] === undefined) {
    await file.truncate(0);
    throw new ModelError(
      'model-refused',
      `${job.url} sends ${at} bytes; ${total} were expected, so it is another file, such as a page that asks to sign in. Open the address in a browser, import the right file, or set another mirror.`,
    );
  }
  if (!complete || (total !== null && at < total)) throw new BrokenOffError(`it broke off after ${at} bytes`);
  await file.truncate(at);
}

/** @throws {ModelError} when it is another file, which is then removed. */
async function finish({ path, url, sha256 }: Download, hash: Hash): Promise<void> {
  const sum = hash.digest('hex');
  if (sum === sha256) return;
  await rm(path, { force: true });
  throw new ModelError(
    'model-refused',
    `What ${url} sends is not the file that was expected: its SHA-256 is ${sum}, not ${sha256}. It was not kept. Import the right file, or set another mirror.`,
  );
}

/** The checksum of a file, still to be gone on with. */
export async function hashOf(path: string): Promise<Hash> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash;
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
