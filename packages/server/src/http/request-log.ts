import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HOOKS_PREFIX } from '@imaginarium/protocol';
import type { RequestHandler } from 'express';
import { type Logger, pino } from 'pino';
import { pinoHttp } from 'pino-http';
import type { LogLevel } from '../config.ts';

/** Fields that never reach a log, wherever they turn up. */
const SECRET_FIELDS = ['authorization', 'cookie', 'set-cookie', 'password', 'passwordHash', 'code', 'key', 'apiKey'];

/** The server's log: one line of JSON a fact, on standard output. */
export function createLogger(level: LogLevel, destination?: { write(line: string): void }): Logger {
  const names = SECRET_FIELDS.map((name) => (name.includes('-') ? `["${name}"]` : name));
  const paths = names.flatMap((name) => [name, `*${name.startsWith('[') ? '' : '.'}${name}`]);
  const options = { level, redact: { paths: [...paths, ...headerPaths], censor: '[secret]' } };
  return destination ? pino(options, destination) : pino(options);
}

const headerPaths = ['req.headers.authorization', 'req.headers.cookie', 'res.headers["set-cookie"]'];

/** Gives each request an id, says it in `x-request-id`, and logs the request when it is answered: no headers, no query, no body. */
export function logRequests(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    genReqId: requestId,
    autoLogging: { ignore: (req) => isProbe(req.url) },
    quietReqLogger: true,
    customLogLevel: (_req, res, error) =>
      error || res.statusCode >= 500 ? 'error' : res.statusCode >= 400 ? 'info' : 'debug',
    serializers: {
      req: (req: { id: unknown; method: string; url: string; remoteAddress: string }) => ({
        id: req.id,
        method: req.method,
        path: withoutToken(req.url.split('?')[0] ?? ''),
        remoteAddress: req.remoteAddress,
      }),
      res: (res: { statusCode: number }) => ({ statusCode: res.statusCode }),
    },
  });
}

/** Takes a proxy's id over when it is a plain one, so that both logs can be read together. */
function requestId(req: IncomingMessage, res: ServerResponse): string {
  const given = req.headers['x-request-id'];
  const id = typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
  res.setHeader('x-request-id', id);
  return id;
}

/** Whoever knows the token of a webhook can start runs: it stays out of the log. */
function withoutToken(path: string): string {
  return path.startsWith(`${HOOKS_PREFIX}/`) ? `${HOOKS_PREFIX}/[secret]` : path;
}

function isProbe(url: string | undefined): boolean {
  return ['/healthz', '/readyz', '/metrics'].includes(url?.split('?')[0] ?? '');
}
