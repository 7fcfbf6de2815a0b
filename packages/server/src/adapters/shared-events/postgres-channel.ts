import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { OpenChannel } from './shared-event-bus.ts';

const CHANNEL = 'imaginarium_events';
const RECONNECT_MS = 1000;

/** A channel of PostgreSQL: `LISTEN` on a connection of its own, made again when it breaks. @param onError told what goes wrong. */
export function postgresChannel(url: string, onError: (error: Error) => void): OpenChannel {
  return async (receive) => {
    const settings = { connectionString: url, application_name: 'imaginarium-events', connectionTimeoutMillis: 5000 };
    const pool = new pg.Pool({ ...settings, max: 1 });
    pool.on('error', onError);
    let closed = false;
    let client: pg.Client | undefined;
    const listen = async () => {
      const next = new pg.Client({ ...settings, keepAlive: true });
      next.on('error', onError);
      next.on('notification', ({ payload }) => receive(payload ?? ''));
      await next.connect();
      await next.query(`LISTEN ${CHANNEL}`);
      client = next;
      next.once('end', () => void comeBack());
    };
    const comeBack = async () => {
      while (!closed) {
        await sleep(RECONNECT_MS);
        const error = await listen().catch((reason: Error) => reason);
        if (!error) return;
        onError(error);
      }
    };
    await listen();
    return {
      send: async (text) => void (await pool.query('SELECT pg_notify($1, $2)', [CHANNEL, text])),
      async close() {
        closed = true;
        await client?.end();
        await pool.end();
      },
    };
  };
}
