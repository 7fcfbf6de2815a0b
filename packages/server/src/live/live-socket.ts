import { LIVE, type RunEvent, type WatchAnswer, watchRunSchema } from '@imaginarium/protocol';
import type { Server, Socket } from 'socket.io';
import { z } from 'zod';
import type { Principal } from '../accounts/account-store.ts';
import type { Credential } from '../accounts/identify.ts';
import type { AppDeps } from '../http/app-deps.ts';
import { HttpError, notFound } from '../http/http-error.ts';
import type { Person } from '../notices/notice-list.ts';
import type { PolledWatches } from './polled-watches.ts';
import { RunWatch } from './run-watch.ts';
import type { RunWatches } from './run-watches.ts';

/** Runs one connection may watch at once. */
const MAX_WATCHES = 100;
/** Messages one connection may send within the window. */
const MAX_MESSAGES = 200;
const MESSAGE_WINDOW_MS = 10_000;

interface ClientMessages {
  [LIVE.watch]: (message: unknown, answer: unknown) => void;
  [LIVE.unwatch]: (message: unknown) => void;
  [LIVE.watchUnread]: () => void;
  [LIVE.watchAssets]: () => void;
}
interface ServerMessages {
  [LIVE.events]: (events: RunEvent[]) => void;
  [LIVE.nodeTypes]: () => void;
  [LIVE.unread]: (unread: number) => void;
  [LIVE.assets]: () => void;
}
/** What is known of a connection since its handshake. */
interface SocketData {
  principal: Principal;
  credential: Credential;
}
export type LiveServer = Server<ClientMessages, ServerMessages, Record<string, never>, SocketData>;
type LiveSocket = Socket<ClientMessages, ServerMessages, Record<string, never>, SocketData>;

const unwatchSchema = z.strictObject({ runId: z.uuid() });

/** What connections listen to, all of them together. */
export interface LiveWatches {
  runs: RunWatches;
  unread: PolledWatches<Person, number>;
  /** By workspace: when something of its assets changed last. */
  assets: PolledWatches<string, string>;
}

/** Serves one connection: it asks to watch runs, assets and what its person was told, and hears of them until it is gone. */
export function serveSocket(
  socket: LiveSocket,
  { runs: all, unread, assets }: LiveWatches,
  { openWorkspace, runStore, logger }: Pick<AppDeps, 'openWorkspace' | 'runStore' | 'logger'>,
): void {
  const own = new Map<string, RunWatch>();

  const drop = (runId: string) => {
    const watch = own.get(runId);
    if (!watch) return;
    watch.stop();
    own.delete(runId);
    all.delete(runId, socket.id);
  };

  const start = async (message: unknown, begun: () => void) => {
    const parsed = watchRunSchema.safeParse(message);
    if (!parsed.success) throw new HttpError('bad-request', 'Expected { runId, after } of a run.');
    const { runId, after } = parsed.data;
    // Asked anew for every run: being connected gives no right to any of them.
    const record = await openWorkspace(socket.data.principal.workspace.id).runs.get(runId);
    if (!record) throw notFound('run', runId);
    if (socket.disconnected) return;
    drop(runId);
    if (own.size >= MAX_WATCHES)
      throw new HttpError('too-many-requests', `One connection watches at most ${MAX_WATCHES} runs.`);
    const watch = new RunWatch(
      after,
      (from) => runStore.events(runId, from),
      (events) => socket.emit(LIVE.events, events),
    );
    own.set(runId, watch);
    all.add(runId, socket.id, watch);
    begun();
    await watch.replay();
  };

  const mayTalk = talkLimit();
  socket.use((_packet, next) => {
    if (mayTalk()) next();
    else socket.disconnect(true);
  });
  socket.on('error', () => socket.disconnect(true));
  socket.on('disconnect', () => {
    for (const runId of [...own.keys()]) drop(runId);
    unread.delete(socket.id);
    assets.delete(socket.id);
  });
  socket.on(LIVE.watch, (message, callback) => {
    const answer = (given: WatchAnswer) => {
      if (typeof callback === 'function') callback(given);
    };
    start(message, () => answer({ ok: true })).catch((error: unknown) => {
      if (!(error instanceof HttpError)) logger.error({ err: error }, 'a run could not be watched');
      answer({ ok: false, error: refusal(error) });
    });
  });
  socket.on(LIVE.watchUnread, () => {
    const { user, workspace } = socket.data.principal;
    unread
      .add(socket.id, { workspaceId: workspace.id, userId: user.id }, (count) => socket.emit(LIVE.unread, count))
      .catch((error: unknown) => logger.warn({ err: error }, 'unread notices could not be counted'));
  });
  socket.on(LIVE.watchAssets, () => {
    assets
      .add(socket.id, socket.data.principal.workspace.id, () => socket.emit(LIVE.assets))
      .catch((error: unknown) => logger.warn({ err: error }, 'changed assets could not be asked for'));
  });
  socket.on(LIVE.unwatch, (message) => {
    const parsed = unwatchSchema.safeParse(message);
    if (parsed.success) drop(parsed.data.runId);
  });
}

/** What a connection is told of an error: words of ours, never a stack. */
export function refusal(error: unknown): { code: string; message: string } {
  if (error instanceof HttpError) return { code: error.code, message: error.message };
  return { code: 'internal', message: 'Something failed in the server.' };
}

/** Counts what a connection says; false once it says too much. */
function talkLimit(): () => boolean {
  let since = Date.now();
  let count = 0;
  return () => {
    if (Date.now() - since > MESSAGE_WINDOW_MS) {
      since = Date.now();
      count = 0;
    }
    count += 1;
    return count <= MAX_MESSAGES;
  };
}
