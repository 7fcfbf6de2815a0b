import type { Route, RouteName, RouteOutput, RouteRequest, routes } from '@imaginarium/protocol';
import type { Request, Response } from 'express';
import type { Principal } from '../accounts/account-store.ts';
import type { WorkspaceStores } from '../workspace-stores.ts';

/** Who calls, and the only stores they may reach. Routes that answer anybody have neither. */
type Caller<R extends Route> = R['access'] extends 'public'
  ? unknown
  : { principal: Principal; stores: WorkspaceStores };

/** One call of a route: what came in, parsed by the route's schemas, and who sent it. */
export type Call<R extends Route> = RouteRequest<R> & Caller<R> & { req: Request; res: Response };

/** Answers one route: with what its schema says, or, for bytes, by writing to `res` itself. */
export type Handler<R extends Route> = (call: Call<R>) => Promise<RouteOutput<R>> | RouteOutput<R>;

/** A handler for every route there is: a route without one does not compile. */
export type Handlers = { [Name in RouteName]: Handler<(typeof routes)[Name]> };
