import { createHash } from 'node:crypto';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { v7 as uuid } from 'uuid';
import { HookTokens, hashToken } from '../triggers/hook-token.ts';
import { json, WaitingCallers } from '../triggers/run-answer.ts';
import { startRun } from '../triggers/start-run.ts';
import type { WebhookSettings } from '../triggers/trigger-settings.ts';
import type { StoredTrigger } from '../triggers/trigger-store.ts';
import { signatureProblem } from '../triggers/verify-signature.ts';
import { WaitTokens } from '../waits/wait-token.ts';
import type { AppDeps } from './app-deps.ts';
import { FailureLimit } from './failure-limit.ts';
import { deliveryOf } from './hook-delivery.ts';
import { HttpError } from './http-error.ts';
import { readBytes } from './read-bytes.ts';

const NOTHING_WAITS = 'Nothing waits here for a call: it was made already, came too late, or the run has ended.';
/** Bytes of a delivery; pictures are uploaded, not delivered. */
const BODY_LIMIT_BYTES = 1_000_000;
/** Callers that wait for the end of their run at the same time; any more get the run's id at once. */
const WAITING_LIMIT = 1000;

/**
 * Webhooks: the one place where strangers start runs. They need no session and get none; what they know is the token in the path. What
 * answers may hold is up to a workflow, so no browser executes it, and no page of this server shares anything with it.
 */
export function hooksRouter(deps: AppDeps): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  const tokens = new HookTokens(deps.sessionSecret);
  const callers = new WaitingCallers(deps.eventBus);
  const failures = new FailureLimit();
  const readBody = readBytes(BODY_LIMIT_BYTES);

  const guard: RequestHandler = (req, res, next) => {
    res.locals.route = 'webhook';
    res.setHeader('content-security-policy', "sandbox; default-src 'none'");
    res.setHeader('cache-control', 'no-store');
    failures.watch(req, res);
    next();
  };

  const find: RequestHandler<{ token: string }> = async (req, res, next) => {
    const trigger = await deps.triggers.findByToken(hashToken(req.params.token));
    const { settings } = trigger ?? {};
    if (!trigger || settings?.kind !== 'webhook') throw new HttpError('not-found', 'There is no webhook here.');
    if (settings.method !== 'any' && req.method !== settings.method) {
      res.setHeader('allow', settings.method);
      throw new HttpError('method-not-allowed', `${req.method} is not possible here; ${settings.method} is.`);
    }
    res.locals.trigger = trigger;
    res.locals.settings = settings;
    next();
  };

  const deliver: RequestHandler<{ token: string }> = async (req, res) => {
    const trigger = res.locals.trigger as StoredTrigger;
    const settings = res.locals.settings as WebhookSettings;
    const body = req.body as Buffer;
    const id = headerOf(req, 'webhook-id');
    if (settings.signed) {
      const [timestamp, signature] = [headerOf(req, 'webhook-timestamp'), headerOf(req, 'webhook-signature')];
      const key = tokens.signingKey(req.params.token);
      const problem = signatureProblem({ id, timestamp, signature, body }, key, Date.now());
      if (problem) throw new HttpError('wrong-signature', problem);
    }
    // Who knows the address and signs guesses nothing, whatever else they are refused for: credits, limits, or by the workflow itself.
    res.locals.known = true;
    const cause = id === undefined ? undefined : causeOf(trigger, id);
    const runId = uuid();
    using wait = settings.respond !== 'now' && callers.size < WAITING_LIMIT ? callers.listen(runId) : undefined;
    const started = await startRun(deps, trigger, { id: runId, brought: deliveryOf(req, body), cause });
    if (!started) throw new HttpError('not-found', 'There is no webhook here.');
    const { run, graph, created } = started;
    const accepted = json(202, { runId: run.id, ...(created ? {} : { repeated: true }) });
    // A repeat learns that nothing was started, and nothing else: it may be somebody who listened in.
    if (settings.respond === 'now' || !created || !wait) return answer(res, accepted);
    const gone = new AbortController();
    // With a reason: without one, the abort of every request would make an error of its own.
    res.once('close', () => gone.abort('The caller went away.'));
    const { runs } = deps.openWorkspace(trigger.workspaceId);
    const waitMs = settings.waitSeconds * 1000;
    const said = await wait.answer({ id: run.id, graph }, runs, {
      respond: settings.respond,
      waitMs,
      signal: gone.signal,
    });
    answer(res, said ?? accepted);
  };

  const waitTokens = new WaitTokens(deps.sessionSecret);
  const answerWait: RequestHandler<{ token: string }> = async (req, res) => {
    const waitId = waitTokens.read(req.params.token);
    const open = waitId === undefined ? undefined : await deps.runWaits.find(waitId);
    if (open?.wait.about.kind !== 'callback') throw new HttpError('not-found', NOTHING_WAITS);
    res.locals.known = true;
    const { body } = deliveryOf(req, req.body as Buffer);
    const answered = await deps.runWaits.answer(open.wait.id, { timeIsUp: false, value: body ?? null });
    if (!answered.taken) throw new HttpError('not-found', NOTHING_WAITS);
    if (answered.queued) await deps.queue.offer(answered.queued);
    answer(res, json(202, { runId: open.runId }));
  };

  router.post('/waits/:token', guard, readBody, answerWait);
  router.all('/:token', guard, find, readBody, deliver);
  router.use(guard, () => {
    throw new HttpError('not-found', 'There is no webhook here.');
  });
  return router;
}

function answer(res: Response, { status, contentType, body }: { status: number; contentType: string; body: string }) {
  if (res.destroyed) return;
  // Not by `send`, which would hash each answer for a cache that nobody may have.
  res.writeHead(status, { 'content-type': `${contentType}; charset=utf-8`, 'content-length': Buffer.byteLength(body) });
  res.end(res.req.method === 'HEAD' ? undefined : body);
}

function headerOf(req: Request, name: string): string | undefined {
  const value = req.headers[name];
  return Array.isArray(value) ? value.join(' ') : value;
}

/** Known by its id for every version of the workflow; ids of any length and kind of character become one of the same length. */
function causeOf({ id, version, workflowId, node }: StoredTrigger, delivery: string): string {
  const place = version === null ? `test:${id}` : `${workflowId}:${node}`;
  return `delivery:${place}:${createHash('sha256').update(delivery).digest('hex')}`;
}
