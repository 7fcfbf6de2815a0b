import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { emptyGraph, type Graph, type JsonObject } from '@imaginarium/protocol';
import type { DatabasePlace } from '../../adapters/typeorm/database/data-source.ts';
import type { KillAt } from '../../kill-points/kill-points.ts';
import type { QueueKind } from '../../settings.ts';

const PROGRAM = fileURLToPath(new URL('serve.ts', import.meta.url));
const SHIFTED_DATE = new URL('shifted-date.ts', import.meta.url).href;

/** A server in a process of its own, with the nodes that count their effects. */
export interface ServerProcess {
  child: ChildProcess;
  address: string;
  /** Resolves when it has ended, with the signal that ended it. */
  ended: Promise<NodeJS.Signals | null>;
  /** Has it end itself when it comes to a kill point for the n-th time from now on. */
  dieAt(killAt: KillAt): Promise<void>;
  /** The last of what it wrote to its error output: errors, and what ended it. */
  said(): string;
}

/** Characters of its error output that are kept. */
const SAID_LENGTH = 4000;

/** What a server is started with. */
export interface Premises {
  dataDir: string;
  database: DatabasePlace;
  queue: QueueKind;
  redisUrl: string | null;
  /** Node packages of this repository that it loads beside those nodes, such as `nodes-base`. */
  packages?: readonly string[];
}

/** An answer that takes longer is one that never comes. */
const ANSWER_MS = 30_000;

/**
 * Starts a server and waits until it is ready.
 * @param clockOffMs how many milliseconds the clock of its machine is ahead; below 0 it is behind.
 * @throws {Error} with what it said instead.
 */
export async function startServer(premises: Premises, killAt?: KillAt, clockOffMs?: number): Promise<ServerProcess> {
  const { dataDir, database, queue, redisUrl, packages = [] } = premises;
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: 'test',
    IMAGINARIUM_PORT: '0',
    IMAGINARIUM_DATA_DIR: dataDir,
    IMAGINARIUM_DATABASE_URL: 'url' in database ? database.url : '',
    IMAGINARIUM_QUEUE: queue,
    IMAGINARIUM_REDIS_URL: redisUrl ?? '',
    IMAGINARIUM_LOG_LEVEL: 'error',
    IMAGINARIUM_CREDITS: 'metered',
    IMAGINARIUM_START_CREDITS: '1000000',
    IMAGINARIUM_WORKFLOW_LIMIT: '0',
    IMAGINARIUM_HOURLY_ITEMS: 'none',
    IMAGINARIUM_KILL_AT: killAt ? `${killAt.point}:${killAt.count}` : '',
    SERVE_PACKAGES: JSON.stringify(packages),
    ...(clockOffMs === undefined ? {} : { CLOCK_OFF_MS: String(clockOffMs) }),
  };
  const first = clockOffMs === undefined ? [] : [`--import=${SHIFTED_DATE}`];
  const child = spawn(process.execPath, [...first, PROGRAM], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let said = '';
  child.stderr?.on('data', (text) => {
    said = `${said}${String(text)}`.slice(-SAID_LENGTH);
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once('close', (_code, signal) => resolve(signal)),
  );
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (text) => resolve(String(text).trim()));
    void ended.then(() => reject(new Error(`The server ended before it was ready: ${said}`)));
  });
  const dieAt = async (at: KillAt) => {
    child.send(at);
    await once(child, 'message');
  };
  return { child, address, ended, dieAt, said: () => said };
}

/** A server answered, and refused. */
export class RefusedError extends Error {
  readonly status: number;

  constructor(path: string, status: number, text: string) {
    super(`${path}: ${status} ${text}`);
    this.name = 'RefusedError';
    this.status = status;
  }
}

/** A person's session on a server: what is sent with every call. */
export type Session = Record<string, string>;

/** Sets a new server up, and signs its owner in. */
export async function becomeOwner(address: string): Promise<Session> {
  const owner = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };
  const answer = await fetch(`${address}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address },
    body: JSON.stringify(owner),
  });
  return { cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
}

/** Calls the API of a server. @throws {RefusedError} and what `fetch` throws when the server is gone, or has not answered in time (a `TimeoutError`). */
export async function post(address: string, path: string, session: Session, body: JsonObject): Promise<{ id: string }> {
  const answer = await fetch(`${address}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address, ...session },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (!answer.ok) throw new RefusedError(path, answer.status, await answer.text());
  return (await answer.json()) as { id: string }; // All that is made here has an id.
}

/** Reads from the API of a server. @throws as {@link post}. */
export async function get(address: string, path: string, session: Session): Promise<JsonObject> {
  const answer = await fetch(`${address}/api/v1${path}`, {
    headers: { ...session },
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (!answer.ok) throw new RefusedError(path, answer.status, await answer.text());
  return (await answer.json()) as JsonObject; // The API answers with objects.
}

/** Answers the first question that a run asks its owner. @returns whether there was one. @throws as {@link post}. */
export async function approveFirst(address: string, session: Session): Promise<boolean> {
  const listed = await fetch(`${address}/api/v1/waits?kind=approval`, { headers: { ...session } });
  const { waits } = (await listed.json()) as { waits: { id: string }[] };
  const [first] = waits;
  if (!first) return false;
  const answer = await fetch(`${address}/api/v1/waits/${first.id}/answer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address, ...session },
    body: JSON.stringify({ decision: 'approved' }),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (!answer.ok && answer.status !== 404) throw new RefusedError('/waits', answer.status, await answer.text());
  return answer.ok;
}

/** A source of two files, a node that may be repeated, one that must not, and one more that may. */
export function countingGraph(file: string, workMs: number): Graph {
  const node = (id: string, type: string) => ({
    ...{ id, type, version: 1, name: id, params: { file, workMs }, position: { x: 0, y: 0 } },
  });
  const wire = (from: string, to: string) => ({
    ...{ id: `${from}-${to}`, from: { node: from, port: 'document' }, to: { node: to, port: 'document' } },
  });
  return {
    ...emptyGraph(),
    nodes: [
      node('source', 'counting.source'),
      node('before', 'counting.again'),
      node('once', 'counting.once'),
      node('after', 'counting.again'),
    ],
    edges: [wire('source', 'before'), wire('before', 'once'), wire('once', 'after')],
  };
}

/** Uploads a file. @throws {RefusedError} */
export async function upload(
  address: string,
  session: Session,
  { name, bytes }: { name: string; bytes: Uint8Array<ArrayBuffer> },
): Promise<void> {
  const path = `/files?name=${encodeURIComponent(name)}`;
  const answer = await fetch(`${address}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', origin: address, ...session },
    body: bytes,
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (!answer.ok) throw new RefusedError(path, answer.status, await answer.text());
}
