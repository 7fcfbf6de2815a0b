import type { z } from 'zod';

export type HttpMethod = 'get' | 'post' | 'put' | 'patch' | 'delete';

/**
 * One call of the REST API: its address, who may make it, and what goes in and out. The server registers handlers by these, the
 * client calls by these, and the OpenAPI document is written from these.
 */
export interface Route {
  method: HttpMethod;
  /** Below `/api/v1`, with `:name` for path params. */
  path: string;
  summary: string;
  /** The heading it stands under in the reference. */
  tag: string;
  /** `public` answers anybody; all others need a session or an API key with at least this role in the workspace. */
  access: 'public' | 'viewer' | 'editor' | 'admin' | 'owner';
  params?: z.ZodObject;
  query?: z.ZodObject;
  /** A JSON body, or `bytes` for a streamed file. */
  body?: z.ZodType | 'bytes';
  /** The JSON answer, or `bytes` for a file. Absent: 204 without a body. */
  response?: z.ZodType | 'bytes';
  /** The status of a good answer; 200 with a response, 204 without, unless said otherwise. */
  status?: number;
}

/** What a caller gives to a route. */
export type RouteInput<R extends Route> = (R['params'] extends z.ZodObject
  ? { params: z.input<R['params']> }
  : unknown) &
  (R['query'] extends z.ZodObject ? { query?: z.input<R['query']> } : unknown) &
  (R['body'] extends z.ZodType ? { body: z.input<R['body']> } : unknown);

/** What a handler of a route receives, parsed. */
export type RouteRequest<R extends Route> = {
  params: R['params'] extends z.ZodObject ? z.output<R['params']> : Record<string, never>;
  query: R['query'] extends z.ZodObject ? z.output<R['query']> : Record<string, never>;
  body: R['body'] extends z.ZodType ? z.output<R['body']> : undefined;
};

/** What a route answers. */
export type RouteOutput<R extends Route> = R['response'] extends z.ZodType ? z.output<R['response']> : undefined;
