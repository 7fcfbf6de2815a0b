import { type Route, type RouteName, routes } from '@imaginarium/protocol';
import express, { type RequestHandler, type Response, type Router } from 'express';
import type { Principal } from '../accounts/account-store.ts';
import { admit } from './admit.ts';
import { apiKeyHandlers } from './api-keys.ts';
import type { AppDeps } from './app-deps.ts';
import { assetHandlers } from './assets.ts';
import { billingHandlers } from './billing.ts';
import { creditHandlers } from './credits.ts';
import { deepZoomHandlers } from './deep-zoom.ts';
import { fileHandlers } from './files.ts';
import { refuseBeforeOwner } from './first-run.ts';
import type { Handlers } from './handler.ts';
import { HttpError } from './http-error.ts';
import { modelHandlers } from './models.ts';
import { nodeTypeHandlers } from './node-types.ts';
import { noticeHandlers } from './notices.ts';
import { openApiRoutes } from './openapi-routes.ts';
import { queueHandlers } from './queue.ts';
import { readJson } from './read-json.ts';
import { readRequest } from './read-request.ts';
import { runLogHandlers } from './run-log.ts';
import { runHandlers } from './runs.ts';
import { sessionHandlers } from './session.ts';
import { setupHandlers } from './setup.ts';
import { triggerHandlers } from './triggers.ts';
import { upscaleQuoteHandlers } from './upscale-quotes.ts';
import { upscaleHandlers } from './upscales.ts';
import { usageHandlers } from './usage.ts';
import { waitHandlers } from './waits.ts';
import { workflowHandlers } from './workflows.ts';

const JSON_LIMIT_BYTES = 1_000_000;
const GRAPH_LIMIT_BYTES = 8_000_000;
const CARRIES_GRAPH: ReadonlySet<RouteName> = new Set(['createWorkflow', 'saveDraft', 'upgradeNodes']);

/** The REST API: every route of the protocol, each behind the same checks, and clear words for everything else. */
export function apiRouter(deps: AppDeps): Router {
  const handlers: Handlers = {
    ...setupHandlers(deps),
    ...sessionHandlers(deps),
    ...apiKeyHandlers(deps),
    ...nodeTypeHandlers(deps),
    ...workflowHandlers(deps),
    ...runHandlers(deps),
    ...runLogHandlers(deps),
    ...fileHandlers(deps),
    ...assetHandlers(deps),
    ...upscaleHandlers(deps),
    ...upscaleQuoteHandlers(deps),
    ...deepZoomHandlers(deps),
    ...triggerHandlers(deps),
    ...queueHandlers(deps),
    ...creditHandlers(deps),
    ...billingHandlers(deps),
    ...usageHandlers(),
    ...waitHandlers(deps),
    ...noticeHandlers(),
    ...modelHandlers(deps),
  };
  const router = express.Router({ caseSensitive: true, strict: true });
  const checks = admit(deps);
  const firstRun = refuseBeforeOwner(deps.accounts);
  for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
    const labelled: RequestHandler = (_req, res, next) => {
      res.locals.route = name;
      next();
    };
    const body =
      route.body && route.body !== 'bytes'
        ? [readJson(CARRIES_GRAPH.has(name) ? GRAPH_LIMIT_BYTES : JSON_LIMIT_BYTES)]
        : [];
    // The table's types are checked where each handler is written; the loop sees them all as one.
    const handler = handlers[name] as (call: object) => unknown;
    router[route.method](
      route.path,
      labelled,
      firstRun(route),
      ...checks(route),
      ...body,
      answer(deps, route, handler),
    );
  }
  openApiRoutes(router);
  refuseOtherMethods(router);
  router.use(() => {
    throw new HttpError('not-found', 'The API has nothing at this address. /api/v1/reference lists what it has.');
  });
  return router;
}

function answer(deps: AppDeps, route: Route, handler: (call: object) => unknown): RequestHandler {
  return async (req, res) => {
    const input = readRequest(route, req);
    const principal = res.locals.principal as Principal | undefined;
    const caller = principal ? { principal, stores: deps.openWorkspace(principal.workspace.id) } : {};
    // Answers are a person's own: no cache between here and them may keep one. Files say otherwise themselves.
    res.setHeader('cache-control', 'no-store');
    if (route.body && route.body !== 'bytes') req.body = input.body;
    const output = await handler({ ...input, ...caller, req, res });
    if (route.response !== 'bytes') send(res, route, output);
  };
}

function send(res: Response, route: Route, output: unknown): void {
  if (route.response === undefined) res.status(route.status ?? 204).end();
  else res.status(route.status ?? 200).json(output);
}

function refuseOtherMethods(router: Router): void {
  for (const path of new Set(Object.values(routes).map((route) => route.path))) {
    const known = Object.values(routes as Record<string, Route>).filter((route) => route.path === path);
    const allowed = known
      .map((route) => route.method.toUpperCase())
      .flatMap((method) => (method === 'GET' ? [method, 'HEAD'] : [method]));
    router.all(path, (req, res) => {
      res.setHeader('allow', allowed.join(', '));
      throw new HttpError(
        'method-not-allowed',
        `${req.method} is not possible here; ${allowed.join(', ')} ${allowed.length > 1 ? 'are' : 'is'}.`,
      );
    });
  }
}
