import express, { type Router } from 'express';
import { bearerKey } from '../accounts/api-key-secret.ts';
import { identifyKey } from '../accounts/identify.ts';
import { isLoopback } from '../loopback.ts';
import type { AppDeps } from './app-deps.ts';
import { HttpError } from './http-error.ts';

/** What watches over the server asks: is the process alive, is it ready for work, how is it doing. */
export function healthRouter(
  deps: Pick<AppDeps, 'accounts' | 'pingDatabase' | 'isDraining' | 'metrics' | 'logger'>,
): Router {
  const { accounts, metrics } = deps;
  const router = express.Router({ caseSensitive: true, strict: true });

  router.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });

  router.get('/readyz', async (_req, res) => {
    const reason = deps.isDraining() ? 'draining' : await databaseProblem(deps);
    res.status(reason ? 503 : 200).json(reason ? { status: 'not-ready', reason } : { status: 'ready' });
  });

  router.get('/metrics', async (req, res) => {
    const key = bearerKey(req.headers.authorization);
    if (!isLoopback(req.ip ?? '') && !(key && (await identifyKey(accounts, key))))
      throw new HttpError(
        'not-signed-in',
        'From another machine, metrics need an API key: "Authorization: Bearer img_...".',
      );
    res.setHeader('content-type', metrics.contentType);
    res.send(await metrics.metrics());
  });

  return router;
}

const DATABASE_PATIENCE_MS = 3000;

async function databaseProblem({
  pingDatabase,
  logger,
}: Pick<AppDeps, 'pingDatabase' | 'logger'>): Promise<string | undefined> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`No answer in ${DATABASE_PATIENCE_MS} ms.`)), DATABASE_PATIENCE_MS).unref();
  });
  try {
    await Promise.race([pingDatabase(), late]);
    return undefined;
  } catch (error) {
    logger.warn({ err: error }, 'the database cannot be reached');
    return 'database';
  }
}
