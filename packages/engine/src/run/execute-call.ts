import { ERROR_PORT, type JsonObject, type LogLevel } from '@imaginarium/protocol';
import type { NodeResult, NodeTask, TaskHost } from '../ports/node-executor.ts';
import { toFailure } from './failure.ts';
import type { PlannedNode } from './plan.ts';
import { resolveParams } from './resolve-params.ts';
import type { Call } from './step-call.ts';
import type { StepContext } from './step-context.ts';

/** Executes one call of a node where its resources say, with files and a log of its own. */
export async function executeCall(
  { node, registered }: PlannedNode,
  { params, task }: Call,
  progress: TaskHost['progress'],
  signal: AbortSignal,
  { services, scope, tell }: StepContext,
): Promise<NodeResult> {
  const resources = registered.definition.resources({ params, items: 1 });
  await using files = services.openFiles(scope);
  const log = (level: LogLevel) => (message: string, data?: JsonObject) =>
    tell({ type: 'log', node: node.id, level, message: message.slice(0, 4000), ...(data ? { data } : {}) });
  const host: TaskHost = {
    files,
    progress,
    log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
  };
  return services.executorFor(resources?.pool).execute(task, host, signal);
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
): Promise<{ result: NodeResult; failed: boolean }> {
  const { node, fallback } = planned;
  const onError = node.policy?.onError ?? 'stop';
  if (onError === 'stop') throw error;
  const failure = toFailure(error, node.id);
  const log = (message: string) => context.tell({ type: 'log', node: node.id, level: 'warn', message });
  if (onError === 'skip-item') {
    log(`An item was left out: ${failure.message}`);
    return { result: { outputs: {} }, failed: true };
  }
  if (onError === 'error-port') {
    log(`An item went to the error port: ${failure.message}`);
    const value = { code: failure.code, message: failure.message };
    return { result: { outputs: { [ERROR_PORT]: [{ value }] } }, failed: true };
  }
  if (!fallback) throw error;
  log(`${fallback.node.name} takes over: ${failure.message}`);
  const { params: specs } = fallback.registered.definition.description;
  const params = resolveParams(specs, fallback.node.params, context.expressions.forRow(call.row, 0));
  const task: NodeTask = { ...call.task, type: fallback.node.type, version: fallback.node.version, params };
  return {
    result: await executeCall(fallback, { ...call, params, task }, progress, context.signal, context),
    failed: false,
  };
}
