import { randomUUID } from 'node:crypto';
import { isTerminal } from '@imaginarium/protocol';
import type { Request } from 'express';
import { bearerKey } from '../accounts/api-key-secret.ts';
import { type Credential, isStillValid } from '../accounts/identify.ts';
import { LogStream } from '../live/log-stream.ts';
import { RunWatch } from '../live/run-watch.ts';
import { RunWatches } from '../live/run-watches.ts';
import type { AppDeps } from './app-deps.ts';
import type { Handlers } from './handler.ts';
import { HttpError, notFound } from './http-error.ts';

/** Logs that one workspace may follow at once, and all together. */
const MOST_STREAMS = { workspace: 50, server: 500 } as const;
/** How often each stream is looked after: whether it still may be, and whether its run ended unheard. */
const LOOK_AFTER_MS = 4000;
/** Every so many looks, a quiet stream says that it is there. */
const LOOKS_BETWEEN_SIGNS = 4;

/** The log of a run as server-sent events: what is stored first, then what happens, each line once and without gaps. */
export function runLogHandlers(deps: AppDeps): Pick<Handlers, 'followRunLog'> {
  const { runStore, eventBus, accounts, sessionStore, logger } = deps;
  const streams = new Map<string, LogStream>();
  const perWorkspace = new Map<string, number>();
  const watches = new RunWatches((ids, events) => {
    for (const id of ids) streams.get(id)?.send(events);
  });
  eventBus.subscribe((events) => {
    watches.receive(events).catch((error: unknown) => logger.error({ err: error }, 'lines of a log were lost'));
  });
  const count = (workspaceId: string, change: 1 | -1) => {
    const open = (perWorkspace.get(workspaceId) ?? 0) + change;
    if (open > 0) perWorkspace.set(workspaceId, open);
    else perWorkspace.delete(workspaceId);
  };

  return {
    async followRunLog({ stores, principal, params, query, req, res }) {
      const workspaceId = principal.workspace.id;
      const record = await stores.runs.get(params.id);
      if (!record) throw notFound('run', params.id);
      const after = lastEventId(req);
      if (isTerminal(record.run.state) && after !== undefined && after >= record.run.lastSeq) {
        // A browser that is told 204 does not come back.
        res.status(204).end();
        return;
      }
      if (streams.size >= MOST_STREAMS.server || (perWorkspace.get(workspaceId) ?? 0) >= MOST_STREAMS.workspace) {
        res.setHeader('retry-after', '10');
        throw new HttpError(
          'too-many-requests',
          `At most ${MOST_STREAMS.workspace} logs of a workspace are followed at once. Close one, or read /runs/${params.id}/events.`,
        );
      }
      const id = randomUUID();
      const runId = params.id;
      const stream = new LogStream(res, query);
      const watch = new RunWatch(
        after ?? 0,
        (from) => runStore.events(runId, from),
        (events) => stream.send(events),
      );
      streams.set(id, stream);
      count(workspaceId, 1);
      watches.add(runId, id, watch);
      let looks = 0;
      const timer = setInterval(() => void lookAfter(), LOOK_AFTER_MS);
      res.once('close', () => {
        clearInterval(timer);
        watch.stop();
        watches.delete(runId, id);
        streams.delete(id);
        count(workspaceId, -1);
      });
      const lookAfter = async () => {
        try {
          if (!(await isStillValid(accounts, sessionStore, credentialOf(req)))) return stream.cut();
          await watch.replay();
          const now = await stores.runs.get(runId);
          if (!now || isTerminal(now.run.state)) return stream.end(now?.run.state ?? 'cancelled');
          if (++looks % LOOKS_BETWEEN_SIGNS === 0) stream.keepAlive();
        } catch (error) {
          // The database may be away for a moment: nobody is cut off for that.
          logger.warn({ err: error }, 'a log that is followed could not be looked after');
        }
      };
      await watch.replay();
      // Its end was told before this came.
      if (isTerminal(record.run.state)) stream.end(record.run.state);
    },
  };
}

function credentialOf(req: Request): Credential {
  const key = bearerKey(req.headers.authorization);
  return key === undefined ? { kind: 'session', sessionId: req.sessionID } : { kind: 'api-key', key };
}

/** The number of the last event that the caller has. @throws {HttpError} when it is none. */
function lastEventId(req: Request): number | undefined {
  const given = req.headers['last-event-id'];
  if (given === undefined || given === '') return undefined;
  if (typeof given === 'string' && /^\d{1,12}$/.test(given)) return Number(given);
  throw new HttpError(
    'bad-request',
    `Last-Event-ID: expected the number of an event, received ${String(given).slice(0, 60)}`,
  );
}
