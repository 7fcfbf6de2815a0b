import { NonRetryableError, type RawResult, waitRequestOf } from '@imaginarium/node-sdk';
import type { NodeRegistry } from '../packages/node-registry.ts';
import type { NodeExecutor, NodeResult, NodeTask, TaskHost } from '../ports/node-executor.ts';
import { CallWaitsError } from './call-waits.ts';
import { toNodeResult } from './node-result.ts';
import { raceAbort } from './race-abort.ts';

/** Executes nodes in this process: light ones in the worker, heavy ones in the process made for them. */
export class LocalExecutor implements NodeExecutor {
  readonly #registry: NodeRegistry;

  constructor(registry: NodeRegistry) {
    this.#registry = registry;
  }

  async execute(task: NodeTask, host: TaskHost, signal: AbortSignal): Promise<NodeResult> {
    signal.throwIfAborted();
    const node = this.#registry.find(task.type, task.version, task.revision ?? 0);
    if (!node)
      throw new NonRetryableError(`The node type ${task.type} (version ${task.version}) is not installed here.`);
    const { type: _type, version: _version, revision: _revision, ...rest } = task;
    const execution = node.definition.execute({ ...rest, ...host, signal });
    const returned = await raceAbort(execution, signal);
    const request = waitRequestOf(returned);
    if (!request) return toNodeResult(returned as RawResult, node.definition.description); // It is no request to wait.
    if (node.definition.description.waits) throw new CallWaitsError(request);
    throw new NonRetryableError(`${task.type} asked to wait, but its description does not say waits: true.`);
  }
}
