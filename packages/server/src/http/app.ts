import type { IncomingMessage, RequestListener } from 'node:http';
import { API_PREFIX } from '@imaginarium/protocol';
import express, { type Express } from 'express';
import { apiRouter } from './api.ts';
import type { AppDeps } from './app-deps.ts';
import { answerErrors } from './error-handler.ts';
import { healthRouter } from './health.ts';
import { Hooks } from './hooks.ts';
import { HttpError } from './http-error.ts';
import { answerTimes, measureRequests, measureRuns } from './metrics.ts';
import { logRequests } from './request-log.ts';
import { salesRouter } from './sales.ts';
import { securityHeaders } from './security-headers.ts';
import { staticRouter } from './static.ts';

/** The HTTP side of a worker, which answers about its health and nothing else. */
export function createHealthApp(deps: Parameters<typeof healthRouter>[0]): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(logRequests(deps.logger));
  app.use(healthRouter(deps));
  app.use(() => {
    throw new HttpError('not-found', 'A worker answers at /healthz, /readyz and /metrics.');
  });
  app.use(answerErrors(deps.logger));
  return app;
}

/** The HTTP side of the server: the API, its description, health, and the built editor. Knows no port. */
export function createApp(deps: AppDeps): RequestListener {
  const { publicUrl } = deps.config;
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('case sensitive routing', true);
  // A public address means a proxy; it stands on this machine or in its private network.
  app.set('trust proxy', publicUrl === null ? false : 'loopback, linklocal, uniquelocal');
  app.use(logRequests(deps.logger));
  const times = answerTimes(deps.metrics);
  app.use(measureRequests(times));
  const headersOf = securityHeaders(publicUrl);
  app.use((req, res, next) => {
    res.setHeaders(headersOf(req));
    // Lines that are kept open would keep a server alive that is going down.
    if (deps.isDraining()) res.setHeader('connection', 'close');
    next();
  });
  app.use(healthRouter(deps));
  app.use(salesRouter(deps));
  app.use(API_PREFIX, apiRouter(deps));
  app.use(staticRouter(deps.staticFolder));
  app.use(answerErrors(deps.logger));
  measureRuns(deps.metrics, deps.eventBus);
  const hooks = new Hooks(deps, { headersOf, times, addressOf: (req) => addressOf(req, app) });
  return (req, res) => {
    if (!hooks.take(req, res)) app(req, res);
  };
}

/** The address that a request came from, as an app tells it: which proxies are believed is a setting of the app. */
function addressOf({ socket, headers }: IncomingMessage, app: Express): string | undefined {
  return Reflect.get(app.request, 'ip', { app, socket, headers });
}
