import type { ChildOf, ChildRuns, RunRecord } from '@imaginarium/engine';
import { NonRetryableError, type RunAnswer } from '@imaginarium/node-sdk';
import { type Item, isTerminal, type Json, type JsonObject, type PriceTerms, type Run } from '@imaginarium/protocol';
import type { AppDeps } from '../http/app-deps.ts';
import { asLastingRefusal } from '../http/known-errors.ts';
import { acceptRun, type RunDeps } from './accept-run.ts';
import { type CancelDeps, cancelRun } from './cancel-run.ts';
import { addedFor } from './run-priority.ts';
import { lastItems, respondedIn } from './run-result.ts';

/** Runs that are started by one another, the first one included. */
const DEEPEST = 8;

/** Starts runs for steps of other runs, and says what they came to. */
export class WorkspaceChildRuns implements ChildRuns {
  readonly #deps: RunDeps & CancelDeps & Pick<AppDeps, 'openWorkspace'>;

  constructor(deps: RunDeps & CancelDeps & Pick<AppDeps, 'openWorkspace'>) {
    this.#deps = deps;
  }

  async start(parent: ChildOf, asked: { workflowId: string; version: number; inputs: JsonObject }): Promise<Run> {
    const { workflowId, version, inputs } = asked;
    const { run, workspaceId, node, iteration, call } = parent;
    const stores = this.#deps.openWorkspace(workspaceId);
    const workflow = await stores.workflows.get(workflowId);
    if (!workflow)
      throw new NonRetryableError(`There is no workflow ${workflowId || '(none chosen)'} in this workspace.`);
    const stored = await stores.workflows.getVersion(workflow.id, version);
    if (!stored)
      throw new NonRetryableError(`${workflow.name} has no version ${version}. Make it, or choose another one.`);
    const { createdBy, ceiling } = await this.#refuseCircle(run, workflow);
    try {
      return await acceptRun(
        this.#deps,
        { principal: { user: { id: createdBy }, workspace: { id: workspaceId }, by: 'run' }, stores },
        {
          ...{ workflow, version, graph: stored.graph, inputs },
          // As urgent as the run that waits for it, at least.
          priority: addedFor(run.priority, stored.graph, this.#deps.catalogue),
          parent: { runId: run.id, node },
          ceiling,
          // The place alone says what is a repeat: expressions in the inputs may give something else at another time.
          ...{ idempotencyKey: `child:${run.id}:${node}:${iteration}:${call}`, requestHash: 'child' },
        },
      );
    } catch (error) {
      const refusal = asLastingRefusal(error);
      if (!refusal) throw error;
      throw new NonRetryableError(`${workflow.name} was not started: ${refusal.message}`, { cause: error });
    }
  }

  async answerOf(runId: string): Promise<Json> {
    const record = await this.#deps.runStore.load(runId);
    if (!record || !isTerminal(record.run.state)) return null;
    const { state, error } = record.run;
    const answer = { runId, state: state as RunAnswer['state'], error: error?.message ?? null, items: itemsOf(record) };
    return answer as unknown as Json; // Items hold JSON and file references, which are JSON too.
  }

  async cancel(runId: string): Promise<void> {
    const record = await this.#deps.runStore.load(runId);
    if (record && !isTerminal(record.run.state)) await cancelRun(this.#deps, record.run);
  }

  /** @returns who started the first of the runs, and what was agreed to for all of them. @throws {NonRetryableError} */
  async #refuseCircle(
    run: Run,
    workflow: { id: string; name: string },
  ): Promise<{ createdBy: string; ceiling: PriceTerms['ceiling'] }> {
    let createdBy = '';
    let ceiling: PriceTerms['ceiling'];
    let depth = 1;
    for (let at: string | undefined = run.id; at !== undefined; depth++) {
      const record: RunRecord | undefined = await this.#deps.runStore.load(at);
      if (!record) break;
      if (record.run.workflowId === workflow.id)
        throw new NonRetryableError(`${workflow.name} would start itself again. Let it run another workflow.`);
      createdBy = record.createdBy;
      ceiling ??= record.funds?.terms.ceiling;
      at = record.run.parent?.runId;
    }
    if (depth > DEEPEST)
      throw new NonRetryableError(
        `Workflows start one another up to ${DEEPEST} deep; ${workflow.name} would be deeper.`,
      );
    return { createdBy, ceiling };
  }
}

/** What a run gives to the one that started it: what its Respond node answers, else what left its last nodes. */
function itemsOf(record: RunRecord): RunAnswer['items'] {
  const answer = respondedIn(record);
  if (answer) return [{ value: readBody(answer), fields: {} }];
  return lastItems(record).map(({ value, file, fields }: Item) => ({ value: file ?? value ?? null, fields }));
}

function readBody({ contentType, body }: { contentType: string; body: string }): Json {
  if (contentType !== 'application/json') return body;
  try {
    return JSON.parse(body) as Json;
  } catch {
    return body;
  }
}
