import { z } from 'zod';

/** The messages of the live connection (Socket.IO, at `/socket.io`). */
export const LIVE = {
  /** client -> server: `{ runId, after }`; acknowledged with `{ ok: true }` or `{ ok: false, error }`, then events after that number follow. */
  watch: 'run:watch',
  /** client -> server: `{ runId }`. */
  unwatch: 'run:unwatch',
  /** server -> client: an array of events of one run, in order. */
  events: 'run:events',
  /** client -> server, without a message: from now on `unread` follows, at once and each time it has changed. */
  watchUnread: 'notices:watch',
  /** server -> client: how much the person was told and has not read. */
  unread: 'notices:unread',
  /** client -> server, without a message: from now on `assets` follows, at once and each time something has changed. */
  watchAssets: 'assets:watch',
  /** server -> client, without a message: an asset came, got a name or a version, or a version of it ended. */
  assets: 'assets:changed',
  /** server -> client, without a message: a package under development was loaded anew, so the node types are asked for again. */
  nodeTypes: 'node-types:changed',
} as const;

export const watchRunSchema = z.strictObject({ runId: z.uuid(), after: z.int().min(0) });
export type WatchRun = z.infer<typeof watchRunSchema>;
export type WatchAnswer = { ok: true } | { ok: false; error: { code: string; message: string } };
