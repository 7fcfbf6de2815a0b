import type { RequestListener, Server } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { createServer } from '../node-http.ts';

/** Connections at once: far more than people have, fewer than would exhaust the process. */
const MAX_CONNECTIONS = 5000;

/** A server for the app that slow and greedy clients cannot hold on to. */
export function createHttpServer(app: RequestListener): Server {
  const server = createServer(
    {
      headersTimeout: 15_000,
      // Uploads of hundreds of megabytes take minutes; what is slower than any person's line is ended by the route that reads it.
      requestTimeout: 60 * 60_000,
      keepAliveTimeout: 20_000,
      connectionsCheckingInterval: 5_000,
      maxHeaderSize: 16 * 1024,
    },
    app,
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.maxRequestsPerSocket = 10_000;
  return server;
}

/** Listens at the configured address. @throws system errors, such as EADDRINUSE. */
export function listenOn(server: Server, { host, port }: Pick<Config, 'host' | 'port'>): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** How long a line that stands open may bring one more request once the server stops, in milliseconds. */
const LAST_CALLS_MS = 100;
/** How long the answers of runs that have just ended may take to leave, and how often it is looked whether they have, in milliseconds. */
const LAST_ANSWERS_MS = 300;
const LOOK_MS = 10;

/**
 * Takes no new lines. Those that are open stay, for requests may be on their way on them: answers must say `connection: close` from now on.
 * @returns resolves when the last line is closed.
 */
export function stopListening(server: Server): Promise<void> {
  // That of an HTTP server would cut every line on which nothing has arrived yet.
  return new Promise((resolve) => void NetServer.prototype.close.call(server, () => resolve()));
}

/** Closes the lines on which nothing comes any more, once those who were about to call on them have. */
export async function closeQuietLines(server: Server): Promise<void> {
  if ((await linesOf(server)) > 0) await setTimeout(LAST_CALLS_MS);
  // What has arrived meanwhile is read first.
  await setImmediate();
  server.closeIdleConnections();
}

/** Closes each line once what was asked on it is answered, and after a moment all of them. */
export async function closeAllLines(server: Server): Promise<void> {
  const end = performance.now() + LAST_ANSWERS_MS;
  while ((await linesOf(server)) > 0 && performance.now() < end) {
    server.closeIdleConnections();
    await setTimeout(LOOK_MS);
  }
  server.closeAllConnections();
}

function linesOf(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
}

/** Where a listening server is reached, such as `http://127.0.0.1:4680`. */
export function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo; // It listens on a port, not on a pipe.
  return `http://${host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host}:${port}`;
}
