import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HOOKS_PREFIX } from '@imaginarium/protocol';
import type { RequestHandler } from 'express';
import { type Logger, pino } from 'pino';
import type { LogLevel } from '../settings.ts';

/** Fields that never reach a log, wherever they turn up. */
const SECRET_FIELDS = ['authorization', 'cookie', 'set-cookie', 'password', 'passwordHash', 'code', 'key', 'apiKey'];

/** The server's log: one line of JSON a fact, on standard output. */
export function createLogger(level: LogLevel, destination?: { write(line: string): void }): Logger {
  const names = SECRET_FIELDS.map((name) => (name.includes('-') ? `["${name}"]` : name));
  const paths = names.flatMap((name) => [name, `*${name.startsWith('[') ? '' : '.'}${name}`]);
  const options = { level, redact: { paths: [...paths, ...headerPaths], censor: '[secret]' } };
  return destination ? pino(options, destination) : pino(options);
}

/** What is asked again and again, and of no interest. */
const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

const headerPaths = ['req.headers.authorization', 'req.headers.cookie', 'res.headers["set-cookie"]'];

declare module 'node:http' {
  interface IncomingMessage {
    /** What the log and the answer know the request by. */
    id: string;
  }
}

/** Gives each request an id, says it in `x-request-id`, and logs the request when it is answered, as {@link logAnswer} does. */
export function logRequests(logger: Logger): RequestHandler {
  return (req, res, next) => {
    const began = performance.now();
    req.id = requestId(req);
    res.setHeader('x-request-id', req.id);
    res.once('close', () => logAnswer(logger, req, res, began));
    next();
  };
}

/**
 * Logs a request that was answered: no headers, no query, no body. Nothing is made for a line that the log leaves out, for most requests
 * are of no interest.
 * @param began when it came in, by `performance.now()`.
 */
export function logAnswer(
  logger: Logger,
  req: IncomingMessage & { originalUrl?: string },
  res: ServerResponse,
  began: number,
): void {
  const { statusCode } = res;
  const level = statusCode >= 500 ? 'error' : statusCode >= 400 ? 'info' : 'debug';
  if (!logger.isLevelEnabled(level)) return;
  const { id, method, url = '', originalUrl = url } = req;
  const path = originalUrl.split('?')[0] ?? '';
  if (PROBES.has(path)) return;
  const data = {
    req: { id, method, path: withoutToken(path), remoteAddress: req.socket.remoteAddress },
    res: { statusCode },
    responseTime: Math.round(performance.now() - began),
  };
  logger[level](data, res.writableFinished ? 'request completed' : 'request aborted');
}

/** The id of a request. A proxy's is taken over when it is a plain one, so that both logs can be read together. */
export function requestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}

/** Whoever knows the token of a webhook can start runs: it stays out of the log. */
function withoutToken(path: string): string {
  return path.startsWith(`${HOOKS_PREFIX}/`) ? `${HOOKS_PREFIX}/[secret]` : path;
}
