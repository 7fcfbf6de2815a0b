import type { Server as HttpServer } from 'node:http';
import { LIVE } from '@imaginarium/protocol';
import { Server } from 'socket.io';
import { isStillValid } from '../accounts/identify.ts';
import { readSessions } from '../accounts/session.ts';
import type { AppDeps } from '../http/app-deps.ts';
import { HttpError } from '../http/http-error.ts';
import { isOwnOrigin } from '../http/origin.ts';
import type { Person } from '../notices/notice-list.ts';
import { RepeatedLook } from '../repeated-look.ts';
import { identifyLine } from './identify-line.ts';
import { type LiveServer, refusal, serveSocket } from './live-socket.ts';
import { PolledWatches } from './polled-watches.ts';
import { RunWatches } from './run-watches.ts';

export type LiveDeps = Pick<
  AppDeps,
  | 'accounts'
  | 'sessionStore'
  | 'sessionSecret'
  | 'config'
  | 'openWorkspace'
  | 'eventBus'
  | 'runStore'
  | 'unread'
  | 'assetTimes'
  | 'logger'
>;

/** How often it is asked whether those who listen still may: a session that ended is cut off within 5 seconds. */
const RECHECK_MS = 4000;
/** How often runs that have been quiet are asked after. */
const CATCH_UP_MS = 3000;
/** How often it is asked what people have not read and whether assets have changed, for those who listen. */
const POLL_MS = 2000;
const MAX_MESSAGE_BYTES = 1_000_000;

/** The live connection: tells those who watch a run what happens in it. */
export interface LiveEvents {
  /** Tells everybody that node types have changed. */
  tellNodeTypes(): void;
  /** Says goodbye to everybody and takes nobody new; the HTTP server itself stays. */
  close(): void;
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
    identifyLine(socket.request, socket.handshake.auth, readSession, deps.accounts)
      .then((identity) => {
        socket.data = identity;
        next();
      })
      .catch((error: unknown) => {
        if (!(error instanceof HttpError)) deps.logger.error({ err: error }, 'a live connection was not identified');
        const { code, message } = refusal(error);
        next(Object.assign(new Error(message), { data: { code } }));
      });
  });

  const watches = new RunWatches((sockets, events) => io.to(sockets).emit(LIVE.events, [...events]));
  const unread = new PolledWatches((people: readonly Person[]) => deps.unread.of(people));
  const assets = new PolledWatches((workspaces: readonly string[]) => deps.assetTimes.of(workspaces));
  io.on('connection', (socket) => serveSocket(socket, { runs: watches, unread, assets }, deps));
  const unsubscribe = deps.eventBus.subscribe((events) => {
    if (!watches.has(events[0]?.runId)) return;
    watches.receive(events).catch((error: unknown) => deps.logger.error({ err: error }, 'live events were lost'));
  });
  const recheck = setInterval(() => void dropInvalid(io, deps), RECHECK_MS);
  recheck.unref();
  const catchUp = setInterval(() => {
    watches
      .catchUp((runId, after) => deps.runStore.events(runId, after))
      .catch((error: unknown) => deps.logger.warn({ err: error }, 'quiet runs could not be asked after'));
  }, CATCH_UP_MS);
  catchUp.unref();
  const polling = new RepeatedLook(async () => {
    await Promise.all([unread.look(), assets.look()]).catch((error: unknown) => {
      deps.logger.warn({ err: error }, 'unread notices and changed assets could not be asked for');
    });
  }, POLL_MS);
  polling.start(POLL_MS);
  return {
    tellNodeTypes: () => void io.emit(LIVE.nodeTypes),
    close() {
      clearInterval(recheck);
      clearInterval(catchUp);
      void polling.stop();
      unsubscribe();
      io.disconnectSockets(true);
      io.engine.close();
    },
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
