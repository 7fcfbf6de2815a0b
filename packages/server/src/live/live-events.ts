import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { RunStore } from '@imaginarium/engine';
import { LIVE, type RunEvent, type WatchAnswer, watchRunSchema } from '@imaginarium/protocol';
import type { Request, RequestHandler, Response } from 'express';
import { Server, type Socket } from 'socket.io';
import { z } from 'zod';
import type { Principal } from '../accounts/account-store.ts';
import { bearerKey } from '../accounts/api-key-secret.ts';
import { type Credential, identifyKey, isStillValid } from '../accounts/identify.ts';
import { readSessions } from '../accounts/session.ts';
import type { AppDeps } from '../http/app-deps.ts';
import { HttpError, notFound } from '../http/http-error.ts';
import { isOwnOrigin } from '../http/origin.ts';
import { RunWatch } from './run-watch.ts';

export type LiveDeps = Pick<
  AppDeps,
  'accounts' | 'sessionStore' | 'sessionSecret' | 'config' | 'openWorkspace' | 'eventBus' | 'logger'
> & { runStore: Pick<RunStore, 'events'> };

/** How often it is asked whether those who listen still may: a session that ended is cut off within 5 seconds. */
const RECHECK_MS = 4000;
const MAX_MESSAGE_BYTES = 1_000_000;
/** Runs one line may watch at once. */
const MAX_WATCHES = 100;
/** Messages one line may send in a second, on average over ten. */
const MAX_MESSAGES_PER_SECOND = 20;

interface ClientMessages {
  [LIVE.watch]: (message: unknown, answer: unknown) => void;
  [LIVE.unwatch]: (message: unknown) => void;
}
interface ServerMessages {
  [LIVE.events]: (events: RunEvent[]) => void;
}
interface SocketData {
  principal: Principal;
  credential: Credential;
  watches: Map<string, RunWatch>;
}
type LiveServer = Server<ClientMessages, ServerMessages, Record<string, never>, SocketData>;
type LiveSocket = Socket<ClientMessages, ServerMessages, Record<string, never>, SocketData>;

/** The live connection: tells those who watch a run what happens in it. */
export interface LiveEvents {
  /** Says goodbye to everybody and stops listening; the HTTP server itself stays. */
  close(): Promise<void>;
}

/** Puts the live connection on an HTTP server, at `/socket.io`. */
export function attachLiveEvents(server: HttpServer, deps: LiveDeps): LiveEvents {
  const io: LiveServer = new Server(server, {
    path: '/socket.io',
    serveClient: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    allowRequest: (req, decide) => decide(null, isOwnOrigin(req, deps.config.publicUrl)),
  });
  const readSession = readSessions(deps);
  io.use((socket, next) => {
    identify(socket.request, socket.handshake.auth, readSession, deps)
      .then(({ principal, credential }) => {
        socket.data = { principal, credential, watches: new Map() };
        next();
      })
      .catch((error: unknown) => next(refusalOf(error, deps)));
  });

  const watches = new Map<string, Set<RunWatch>>();
  io.on('connection', (socket) => serve(socket, watches, deps));
  const unsubscribe = deps.eventBus.subscribe((events) => {
    const runId = events[0]?.runId;
    for (const watch of (runId !== undefined && watches.get(runId)) || []) {
      watch
        .receive(events)
        .catch((error: unknown) => deps.logger.error({ err: error, runId }, 'live events were lost'));
    }
  });
  const recheck = setInterval(() => void dropInvalid(io, deps), RECHECK_MS);
  recheck.unref();
  return {
    async close() {
      clearInterval(recheck);
      unsubscribe();
      io.disconnectSockets(true);
      io.engine.close();
    },
  };
}

async function identify(
  request: IncomingMessage,
  auth: Record<string, unknown>,
  readSession: RequestHandler,
  { accounts }: LiveDeps,
): Promise<Pick<SocketData, 'principal' | 'credential'>> {
  const key = bearerKey(typeof auth.apiKey === 'string' ? `Bearer ${auth.apiKey}` : request.headers.authorization);
  if (key !== undefined) {
    const principal = await identifyKey(accounts, key);
    if (principal) return { principal, credential: { kind: 'api-key', key } };
  } else {
    const session = await sessionOf(request, readSession);
    const principal = session && (await accounts.principal(session.userId, 'session'));
    if (principal) return { principal, credential: { kind: 'session', sessionId: session.sessionId } };
  }
  throw new HttpError('not-signed-in', 'Sign in, or connect with an API key.');
}

/** The session a handshake's cookie names. The middleware was made for express; of the answer it only needs what is here. */
async function sessionOf(
  request: IncomingMessage,
  readSession: RequestHandler,
): Promise<{ userId: string; sessionId: string } | undefined> {
  const req = request as Request;
  const res = { on() {}, once() {}, setHeader() {}, getHeader() {}, end() {} } as unknown as ServerResponse as Response;
  await new Promise<void>((resolve, reject) => {
    void readSession(req, res, (error?: unknown) => (error ? reject(error) : resolve()));
  });
  const { userId } = req.session;
  return userId === undefined ? undefined : { userId, sessionId: req.sessionID };
}

/** What Socket.IO hands to the client: words of ours, never a stack. */
function refusalOf(error: unknown, { logger }: LiveDeps): Error {
  if (error instanceof HttpError) return Object.assign(new Error(error.message), { data: { code: error.code } });
  logger.error({ err: error }, 'a live connection could not be identified');
  return Object.assign(new Error('Something failed in the server.'), { data: { code: 'internal' } });
}

function serve(socket: LiveSocket, watches: Map<string, Set<RunWatch>>, deps: LiveDeps): void {
  const { data } = socket;
  const mayTalk = talkLimit();
  const drop = (runId: string) => {
    const watch = data.watches.get(runId);
    if (!watch) return;
    watch.stop();
    data.watches.delete(runId);
    const all = watches.get(runId);
    all?.delete(watch);
    if (all?.size === 0) watches.delete(runId);
  };
  const start = async (message: unknown, begun: () => void) => {
    const parsed = watchRunSchema.safeParse(message);
    if (!parsed.success) throw new HttpError('bad-request', 'Expected { runId, after } of a run.');
    const { runId, after } = parsed.data;
    // Asked anew for every run: being connected gives no right to any of them.
    const record = await deps.openWorkspace(data.principal.workspace.id).runs.get(runId);
    if (!record) throw notFound('run', runId);
    if (socket.disconnected) return;
    drop(runId);
    if (data.watches.size >= MAX_WATCHES)
      throw new HttpError('too-many-requests', `One connection watches at most ${MAX_WATCHES} runs.`);
    const watch = new RunWatch(
      after,
      (from) => deps.runStore.events(runId, from),
      (events) => socket.emit(LIVE.events, events),
    );
    data.watches.set(runId, watch);
    let all = watches.get(runId);
    if (!all) watches.set(runId, (all = new Set()));
    all.add(watch);
    begun();
    await watch.replay();
  };

  socket.use((_packet, next) => {
    if (mayTalk()) next();
    else socket.disconnect(true);
  });
  socket.on('error', () => socket.disconnect(true));
  socket.on('disconnect', () => {
    for (const runId of [...data.watches.keys()]) drop(runId);
  });
  socket.on(LIVE.watch, (message, callback) => {
    const answer = (given: WatchAnswer) => {
      if (typeof callback === 'function') callback(given);
    };
    start(message, () => answer({ ok: true })).catch((error: unknown) => {
      const known = error instanceof HttpError;
      if (!known) deps.logger.error({ err: error }, 'a run could not be watched');
      const { code, text } = known
        ? { code: error.code, text: error.message }
        : { code: 'internal', text: 'Something failed in the server.' };
      answer({ ok: false, error: { code, message: text } });
    });
  });
  socket.on(LIVE.unwatch, (message) => {
    const parsed = unwatchSchema.safeParse(message);
    if (parsed.success) drop(parsed.data.runId);
  });
}

const unwatchSchema = z.strictObject({ runId: z.uuid() });

/** Counts what a line says; false once it says too much. */
function talkLimit(): () => boolean {
  const windowMs = 10_000;
  let since = Date.now();
  let count = 0;
  return () => {
    if (Date.now() - since > windowMs) {
      since = Date.now();
      count = 0;
    }
    count += 1;
    return count <= (MAX_MESSAGES_PER_SECOND * windowMs) / 1000;
  };
}

async function dropInvalid(io: LiveServer, { accounts, sessionStore, logger }: LiveDeps): Promise<void> {
  const byCredential = Map.groupBy(io.sockets.sockets.values(), ({ data: { credential } }) =>
    credential.kind === 'session' ? credential.sessionId : credential.key,
  );
  for (const sockets of byCredential.values()) {
    const [first] = sockets;
    if (!first) continue;
    const valid = await isStillValid(accounts, sessionStore, first.data.credential).catch((error: unknown) => {
      // The database may be away for a moment: nobody is thrown out for that.
      logger.warn({ err: error }, 'live connections could not be checked');
      return true;
    });
    if (!valid) for (const socket of sockets) socket.disconnect(true);
  }
}
