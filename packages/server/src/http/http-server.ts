import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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

/** Where a listening server is reached, such as `http://127.0.0.1:4680`. */
export function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo; // It listens on a port, not on a pipe.
  return `http://${host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host}:${port}`;
}
