import { NonRetryableError } from '@imaginarium/node-sdk';
import { ERROR_PORT, findUnsafeJson, type JsonObject, type LogLevel, stepKey } from '@imaginarium/protocol';
import { freezeDeep } from '../items/freeze-deep.ts';
import { plainText } from '../items/plain-text.ts';
import type { PlannedNode } from '../plan/plan.ts';
import type { NodeResult, TaskHost } from '../ports/node-executor.ts';
import type { DoneCall } from '../ports/run-waits.ts';
import { admitCall } from './admit-call.ts';
import { attempt } from './attempt.ts';
import { CallWaitsError } from './call-waits.ts';
import { evaluateRows } from './evaluate-rows.ts';
import { messageOf, toFailure } from './failure.ts';
import { resolveParams } from './resolve-params.ts';
import type { StepFiles } from './services.ts';
import { type Call, revisionOf } from './step-call.ts';
import type { StepContext } from './step-context.ts';

/** Characters of a log line that are kept. */
const MESSAGE_LENGTH = 4000;

/** What the calls of a step share of what their node may use. */
export type SharedHost = Pick<TaskHost, 'code' | 'http' | 'log'>;

/**
 * The log, the code runner and the way to services of a node, for all calls that end with a signal. The code runner is the node's own: for its
 * workspace, with the run's own values beside those of a row, and its console in the log.
 */
export function sharedHost(
  { node }: PlannedNode,
  signal: AbortSignal,
  { services, scope, expressions, tell }: Pick<StepContext, 'services' | 'scope' | 'expressions' | 'tell'>,
): SharedHost {
  const say = (level: LogLevel, message: string, data: JsonObject | undefined) => {
    // What cannot be stored would take the whole run down with it.
    const kept = data === undefined || findUnsafeJson({ data }) ? {} : { data };
    tell({ type: 'log', node: node.id, level, message: plainText(message, MESSAGE_LENGTH), ...kept });
  };
  return {
    log: {
      debug: (message, data) => say('debug', message, data),
      info: (message, data) => say('info', message, data),
      warn: (message, data) => say('warn', message, data),
      error: (message, data) => say('error', message, data),
    },
    code: {
      async run(source, rows, { language }) {
        const program = { kind: 'function', language, sources: [source], shared: expressions.shared, rows } as const;
        const { results, logs } = await services.code.run(scope.workspaceId, program, signal);
        for (const { level, message } of logs) say(level, message, undefined);
        return results.flat();
      },
    },
    http: {
      fetch: (url, request = {}, limits) => services.http.fetch(scope.workspaceId, url, request, signal, limits),
    },
  };
}

/**
 * Executes one call of a node where its resources say, with files of its own.
 * @returns a promise, unless the node answers at once and leaves nothing to remove. Nothing is thrown but by the promise.
 */
export function executeCall(
  planned: PlannedNode,
  { params, task, refusal }: Call,
  progress: TaskHost['progress'],
  signal: AbortSignal,
  context: StepContext,
  shared: SharedHost = sharedHost(planned, signal, context),
): Promise<NodeResult> | NodeResult {
  if (refusal !== undefined) return Promise.reject(refusal);
  const { services, scope } = context;
  const { definition } = planned.registered;
  const files = services.openFiles(scope, task.idempotencyKey);
  let answered: Promise<NodeResult> | NodeResult;
  try {
    const pool = definition.description.resources && definition.resources({ params, items: 1 })?.pool;
    const host: TaskHost = { files, progress, code: shared.code, http: shared.http, log: shared.log };
    answered = services.executorFor(pool).execute(task, host, signal);
  } catch (error) {
    answered = Promise.reject(error);
  }
  return answered instanceof Promise || files.hasFolder ? withFiles(files, answered) : answered;
}

async function withFiles(files: StepFiles, answered: Promise<NodeResult> | NodeResult): Promise<NodeResult> {
  await using opened = files;
  // Awaited here: the files are gone once this function returns.
  const result = await answered;
  opened.noteReturned();
  return result;
}

/**
 * What the node's policy makes of a call that failed for good.
 * @throws the error itself, when the policy stops the run.
 */
export async function handleFailure(
  planned: PlannedNode,
  call: Call,
  error: unknown,
  progress: TaskHost['progress'],
  context: StepContext,
): Promise<Pick<DoneCall, 'result' | 'became' | 'failure'>> {
  const { node, fallback } = planned;
  const onError = node.policy?.onError ?? 'stop';
  if (onError === 'stop') throw error;
  const failure = toFailure(error, node.id);
  const log = (message: string) =>
    context.tell({ type: 'log', node: node.id, level: 'warn', message: plainText(message, MESSAGE_LENGTH) });
  if (onError === 'skip-item') {
    log(`An item was left out: ${failure.message}`);
    return { result: { outputs: {} }, became: 'failed', failure };
  }
  if (onError === 'error-port') {
    log(`An item went to the error port: ${failure.message}`);
    const value = { code: failure.code, message: failure.message };
    return { result: { outputs: { [ERROR_PORT]: [{ value }] } }, became: 'failed', failure };
  }
  if (!fallback) throw error;
  log(`${fallback.node.name} takes over: ${failure.message}`);
  const stand = await standIn(fallback, call, context);
  const result = await attempt((limited) => executeCall(fallback, stand, progress, limited, context), {
    policy: fallback.node.policy,
    clock: context.services.clock,
    signal: context.signal,
    admit: admitCall(fallback, stand, progress, context),
    onRetry: (_count, delayMs, reason) =>
      log(`${fallback.node.name} tries again in ${delayMs} ms: ${messageOf(reason)}`),
  }).catch((reason: unknown) => {
    if (!(reason instanceof CallWaitsError)) throw reason;
    throw new NonRetryableError(`${fallback.node.name} stands in for ${node.name}, and cannot wait there.`);
  });
  return { result, became: 'replaced' };
}

/** The call as the node that takes over makes it: with that node's own params, and a key of its own. */
async function standIn({ node, registered }: PlannedNode, call: Call, context: StepContext): Promise<Call> {
  const { expressions, scope, iteration } = context;
  const specs = registered.definition.description.params;
  const row = expressions.forRow(call.row, call.index);
  const [evaluate] = await evaluateRows(specs, node.params, [row], context);
  const params = freezeDeep(resolveParams(specs, node.params, row, evaluate));
  const { type, version } = node;
  const idempotencyKey = `${scope.runId}:${stepKey({ node: node.id, iteration })}:${call.index}`;
  const { revision: _revision, ...rest } = call.task;
  const task = { ...rest, type, version, ...revisionOf(registered), params, idempotencyKey };
  return { ...call, params, task, refusal: undefined };
}
