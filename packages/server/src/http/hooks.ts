import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { HOOKS_PREFIX, type HookAnswer } from '@imaginarium/protocol';
import { newId } from '../new-id.ts';
import { HookTokens, hashToken } from '../triggers/hook-token.ts';
import { json, WaitingCallers } from '../triggers/run-answer.ts';
import { startRun } from '../triggers/start-run.ts';
import type { StoredTrigger } from '../triggers/trigger-store.ts';
import { signatureProblem } from '../triggers/verify-signature.ts';
import { WaitTokens } from '../waits/wait-token.ts';
import type { AppDeps } from './app-deps.ts';
import { FailureLimit } from './failure-limit.ts';
import { HookCall, hookHeaders } from './hook-call.ts';
import { deliveryOf } from './hook-delivery.ts';
import { HttpError } from './http-error.ts';
import type { AnswerTimes } from './metrics.ts';
import { bytesOf } from './read-bytes.ts';
import { logAnswer, requestId } from './request-log.ts';
import type { HostHeaders } from './security-headers.ts';

const NO_WEBHOOK = 'There is no webhook here.';
const NOTHING_WAITS = 'Nothing waits here for a call: it was made already, came too late, or the run has ended.';
/** Bytes of a delivery; pictures are uploaded, not delivered. */
const BODY_LIMIT_BYTES = 1_000_000;
/** Callers that wait for the end of their run at the same time; any more get the run's id at once. */
const WAITING_LIMIT = 1000;
/** Where the callers of waiting runs call, below {@link HOOKS_PREFIX}. */
const WAITS = '/waits/';

/** What webhooks share with all other answers of the server. */
export interface HookSurroundings {
  headersOf: HostHeaders;
  times: AnswerTimes;
  /** The address that a request came from, behind proxies too. */
  addressOf(req: IncomingMessage): string | undefined;
}

/**
 * Webhooks: the one place where strangers start runs. They need no session and get none; what they know is the token in the path. What
 * answers may hold is up to a workflow, so no browser executes it, and no page of this server shares anything with it.
 */
export class Hooks {
  readonly #deps: AppDeps;
  readonly #around: HookSurroundings;
  readonly #tokens: HookTokens;
  readonly #waitTokens: WaitTokens;
  readonly #callers: WaitingCallers;
  readonly #failures = new FailureLimit();
  readonly #lastTokens = new WeakMap<Socket, { token: string; hash: string }>();
  /** By the headers of a host. */
  readonly #headers = new WeakMap<ReadonlyMap<string, string>, string[]>();

  constructor(deps: AppDeps, around: HookSurroundings) {
    this.#deps = deps;
    this.#around = around;
    this.#tokens = new HookTokens(deps.sessionSecret);
    this.#waitTokens = new WaitTokens(deps.sessionSecret);
    this.#callers = new WaitingCallers(deps.eventBus);
  }

  /**
   * Answers a request to a webhook. Thousands of them may come in a second, so that they do not go through Express.
   * @returns false, having done nothing, for any other request.
   */
  take(req: IncomingMessage, res: ServerResponse): boolean {
    const path = hookPath(req.url ?? '');
    if (path === undefined) return false;
    const began = performance.now();
    req.id = requestId(req);
    const call = new HookCall(req, res, this.#headersFor(req));
    res.on('close', () => {
      call.onClosed?.();
      logAnswer(this.#deps.logger, req, res, began);
      this.#around.times({ route: 'webhook', method: req.method, status: res.statusCode, began });
    });
    void this.#serve(call, path);
    return true;
  }

  #headersFor(req: IncomingMessage): readonly string[] {
    const ofHost = this.#around.headersOf(req);
    let headers = this.#headers.get(ofHost);
    if (!headers) {
      headers = hookHeaders(ofHost);
      this.#headers.set(ofHost, headers);
    }
    // Lines that are kept open would keep a server alive that is going down.
    return this.#deps.isDraining() ? [...headers, 'connection', 'close'] : headers;
  }

  async #serve(call: HookCall, path: string): Promise<void> {
    const addressOf = () => this.#around.addressOf(call.req);
    try {
      this.#failures.check(addressOf);
      call.answer(path.startsWith(WAITS) ? await this.#answerWait(call, path) : await this.#deliver(call, path));
    } catch (error) {
      const allow = error instanceof WrongMethodError ? ['allow', error.allowed] : [];
      const status = call.refuse(error, this.#deps.logger, allow);
      if (!call.isKnown) this.#failures.count(status, addressOf);
    }
  }

  async #deliver(call: HookCall, path: string): Promise<HookAnswer> {
    const { req } = call;
    const token = tokenIn(path, 1);
    const trigger = await this.#find(this.#hashOf(req, token), req.method);
    const { settings } = trigger;
    const body = await bytesOf(req, BODY_LIMIT_BYTES);
    const id = headerOf(req, 'webhook-id');
    if (settings.signed) {
      const [timestamp, signature] = [headerOf(req, 'webhook-timestamp'), headerOf(req, 'webhook-signature')];
      const key = this.#tokens.signingKey(token);
      const problem = signatureProblem({ id, timestamp, signature, body }, key, Date.now());
      if (problem) throw new HttpError('wrong-signature', problem);
    }
    // Who knows the address and signs guesses nothing, whatever else they are refused for: credits, limits, or by the workflow itself.
    call.isKnown = true;
    const cause = id === undefined ? undefined : causeOf(trigger, id);
    const runId = newId();
    // A server that stops may not see the end of its run.
    const mayWait = settings.respond !== 'now' && this.#callers.size < WAITING_LIMIT && !this.#deps.isDraining();
    using wait = mayWait ? this.#callers.listen(runId) : undefined;
    const started = await startRun(this.#deps, trigger, { id: runId, brought: deliveryOf(req, body), cause });
    if (!started) throw new HttpError('not-found', NO_WEBHOOK);
    const { run, graph, created } = started;
    // A repeat learns that nothing was started, and nothing else: it may be somebody who listened in.
    if (!created) return json(202, { runId: run.id, repeated: true });
    if (settings.respond === 'now' || !wait) return json(202, { runId: run.id });
    call.onClosed = () => wait.leave();
    const { runs } = this.#deps.openWorkspace(trigger.workspaceId);
    const waitMs = settings.waitSeconds * 1000;
    const said = await wait.answer({ id: run.id, graph }, runs, { respond: settings.respond, waitMs });
    return said ?? json(202, { runId: run.id });
  }

  /** Who calls again and again does it on one line: for that line only, the last token is not hashed anew. */
  #hashOf({ socket }: IncomingMessage, token: string): string {
    const last = this.#lastTokens.get(socket);
    if (last?.token === token) return last.hash;
    const hash = hashToken(token);
    this.#lastTokens.set(socket, { token, hash });
    return hash;
  }

  /** The webhook of a token. @throws {HttpError} `not-found` or `method-not-allowed`. */
  async #find(tokenHash: string, method: string | undefined): Promise<WebhookTrigger> {
    const found = this.#deps.triggers.findByToken(tokenHash);
    const trigger = found instanceof Promise ? await found : found;
    if (!trigger || !isWebhook(trigger)) throw new HttpError('not-found', NO_WEBHOOK);
    const { settings } = trigger;
    if (settings.method !== 'any' && method !== settings.method) throw new WrongMethodError(method, settings.method);
    return trigger;
  }

  async #answerWait(call: HookCall, path: string): Promise<HookAnswer> {
    const { runWaits, queue } = this.#deps;
    const { req } = call;
    if (req.method !== 'POST') throw new HttpError('not-found', NO_WEBHOOK);
    const token = tokenIn(path, WAITS.length);
    const body = await bytesOf(req, BODY_LIMIT_BYTES);
    const waitId = this.#waitTokens.read(token);
    const open = waitId === undefined ? undefined : await runWaits.find(waitId);
    if (open?.wait.about.kind !== 'callback') throw new HttpError('not-found', NOTHING_WAITS);
    call.isKnown = true;
    const brought = deliveryOf(req, body);
    const answered = await runWaits.answer(open.wait.id, { timeIsUp: false, value: brought.body ?? null });
    if (!answered.taken) throw new HttpError('not-found', NOTHING_WAITS);
    if (answered.queued) await queue.offer(answered.queued);
    return json(202, { runId: open.runId });
  }
}

/** The path of a request below {@link HOOKS_PREFIX}, without its query; undefined where it is another. */
function hookPath(url: string): string | undefined {
  // A whole address, as proxies are asked by, is a request too.
  const address = url.startsWith('/') ? url : (URL.parse(url)?.pathname ?? '');
  if (!address.startsWith(HOOKS_PREFIX)) return undefined;
  const end = address.search(/[?#]/);
  const path = address.slice(HOOKS_PREFIX.length, end < 0 ? undefined : end);
  return path === '' || path.startsWith('/') ? path : undefined;
}

/** The token that a path ends with. @throws {HttpError} `not-found` where there is none, `bad-request` for one that cannot be read. */
function tokenIn(path: string, from: number): string {
  const token = path.slice(from);
  if (token === '' || token.includes('/')) throw new HttpError('not-found', NO_WEBHOOK);
  if (!token.includes('%')) return token;
  try {
    return decodeURIComponent(token);
  } catch (cause) {
    const message = 'The address of the request cannot be decoded.';
    throw new HttpError('bad-request', message, undefined, { cause });
  }
}

type WebhookTrigger = StoredTrigger & { settings: { kind: 'webhook' } };

function isWebhook(trigger: StoredTrigger): trigger is WebhookTrigger {
  return trigger.settings.kind === 'webhook';
}

class WrongMethodError extends HttpError {
  readonly allowed: string;

  constructor(method: string | undefined, allowed: string) {
    super('method-not-allowed', `${method} is not possible here; ${allowed} is.`);
    this.allowed = allowed;
  }
}

function headerOf(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name];
  return Array.isArray(value) ? value.join(' ') : value;
}

/** Known by its id for every version of the workflow; ids of any length and kind of character become one of the same length. */
function causeOf({ id, version, workflowId, node }: StoredTrigger, delivery: string): string {
  const place = version === null ? `test:${id}` : `${workflowId}:${node}`;
  return `delivery:${place}:${createHash('sha256').update(delivery).digest('hex')}`;
}
