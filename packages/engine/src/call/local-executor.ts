import { NonRetryableError, type RawResult, type Waiting, waitRequestOf } from '@imaginarium/node-sdk';
import type { NodeDescription } from '@imaginarium/protocol';
import { raceAbort } from '../limits/race-abort.ts';
import type { NodeRegistry, RegisteredNode } from '../packages/node-registry.ts';
import type { NodeExecutor, NodeResult, NodeTask, TaskHost } from '../ports/node-executor.ts';
import { CallWaitsError } from './call-waits.ts';
import { toNodeResult } from './node-result.ts';

/** A node type, and what was installed when it was looked for. */
interface Found {
  edition: object;
  node: RegisteredNode | undefined;
}

/** Executes nodes in this process: light ones in the worker, heavy ones in the process made for them. */
export class LocalExecutor implements NodeExecutor {
  readonly #registry: NodeRegistry;
  #last: (Required<Pick<NodeTask, 'type' | 'version' | 'revision'>> & Found) | undefined;

  constructor(registry: NodeRegistry) {
    this.#registry = registry;
  }

  execute(task: NodeTask, host: TaskHost, signal: AbortSignal): Promise<NodeResult> | NodeResult {
    signal.throwIfAborted();
    const node = this.#find(task);
    if (!node)
      throw new NonRetryableError(`The node type ${task.type} (version ${task.version}) is not installed here.`);
    const { description } = node.definition;
    const returned = node.definition.execute({
      input: task.input,
      items: task.items,
      fields: task.fields,
      params: task.params,
      credentials: task.credentials,
      idempotencyKey: task.idempotencyKey,
      modelsFolder: task.modelsFolder,
      resumed: task.resumed,
      code: host.code,
      files: host.files,
      http: host.http,
      log: host.log,
      progress: host.progress,
      signal,
    });
    if (!isLater(returned)) return resultOf(returned, description, task);
    return raceAbort(Promise.resolve(returned), signal).then((value) => resultOf(value, description, task));
  }

  /** The calls of a step follow one another: what the last one asked for is at hand. */
  #find({ type, version, revision = 0 }: NodeTask): RegisteredNode | undefined {
    const { edition } = this.#registry;
    const last = this.#last;
    if (last?.type === type && last.version === version && last.revision === revision && last.edition === edition)
      return last.node;
    const node = this.#registry.find(type, version, revision);
    this.#last = { type, version, revision, edition, node };
    return node;
  }
}

/** Nodes may bring promises of a kind of their own. */
function isLater(returned: unknown): returned is Promise<RawResult | Waiting> {
  if (typeof returned !== 'object' || returned === null) return false;
  return returned instanceof Promise || typeof (returned as { then?: unknown }).then === 'function';
}

function resultOf(returned: RawResult | Waiting, description: NodeDescription, task: NodeTask): NodeResult {
  const request = waitRequestOf(returned);
  if (!request) return toNodeResult(returned as RawResult, description, task); // It is no request to wait.
  const needed = request.kind === 'run' ? 'runs' : true;
  if (description.waits === needed || description.waits === 'runs') throw new CallWaitsError(request);
  const what = needed === true ? 'to wait' : 'for a run';
  const said = needed === true ? 'true' : `'runs'`;
  throw new NonRetryableError(`${description.type} asked ${what}, but its description does not say waits: ${said}.`);
}
