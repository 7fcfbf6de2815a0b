import { createServer, type Server } from 'node:http';
import type { Express } from 'express';

/** Connections at once: far more than people have, fewer than would exhaust the process. */
const MAX_CONNECTIONS = 5000;

/** A server for the app that slow and greedy clients cannot hold on to. */
export function createHttpServer(app: Express): Server {
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
