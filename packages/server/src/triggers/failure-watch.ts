import type { RunRecord, RunStore } from '@imaginarium/engine';
import type { Graph, GraphNode, JsonObject, NodeCatalogue } from '@imaginarium/protocol';
import { asLastingRefusal } from '../http/known-errors.ts';
import { newId } from '../new-id.ts';
import { RepeatedLook } from '../repeated-look.ts';
import type { WorkspaceStores } from '../workspace-stores.ts';
import type { FailedRuns } from './failed-runs.ts';
import { startRun, type TriggerRunDeps } from './start-run.ts';
import type { StoredTrigger } from './trigger-store.ts';

const LOOK_MS = 1000;
const AT_ONCE = 100;

export interface FailureWatchDeps extends TriggerRunDeps {
  failedRuns: FailedRuns;
  runStore: RunStore;
}

/** A node at which a run starts because another one failed. */
type FailureTrigger = Parameters<typeof startRun>[1];

/**
 * Starts what is to start when a run fails: the workflow that its settings name, and the active workflows that listen for it. A failure is
 * noted with the end of its run, and starts each of them once, however many processes look and whenever one of them dies.
 */
export class FailureWatch {
  readonly #deps: FailureWatchDeps;
  readonly #looks = new RepeatedLook(() => this.look(), LOOK_MS);

  constructor(deps: FailureWatchDeps) {
    this.#deps = deps;
  }

  /** Looks for failed runs until it is stopped. */
  start(): void {
    this.#looks.start();
  }

  /** Resolves when nothing is being started any more. */
  stop(): Promise<void> {
    return this.#looks.stop();
  }

  /** Starts what hangs on runs that failed. Never rejects: what failed for a reason that may pass is tried again in the next look. */
  async look(): Promise<void> {
    const { failedRuns, runStore, logger } = this.#deps;
    const failed = (error: unknown) =>
      logger.error({ err: error }, 'workflows that start when a run fails could not be started');
    const runIds = await failedRuns.list(AT_ONCE).catch((error: unknown) => {
      failed(error);
      return [];
    });
    for (const runId of runIds) {
      try {
        const record = await runStore.load(runId);
        if (record) await this.#tell(record);
        await failedRuns.done(runId);
      } catch (error) {
        failed(error);
      }
    }
  }

  async #tell(record: RunRecord): Promise<void> {
    const { run, workspaceId } = record;
    // A failure of its own would go round in circles; the draft is looked at by whoever runs it.
    if (run.trigger === 'failure' || run.version === null) return;
    const stores = this.#deps.openWorkspace(workspaceId);
    const listening = (await stores.triggers.ofFailures()).filter((trigger) => hears(trigger, record));
    const named = await this.#named(record, stores);
    const places = new Map([...listening, ...named].map((place) => [`${place.workflowId}:${place.node}`, place]));
    for (const [place, trigger] of places) {
      try {
        await startRun(this.#deps, trigger, {
          ...{ id: newId(), brought: failureOf(record), cause: `failure:${run.id}:${place}` },
        });
      } catch (error) {
        // What is refused now is refused at every try.
        if (!asLastingRefusal(error)) throw error;
        this.#deps.logger.warn(
          { err: error, runId: run.id, workflowId: trigger.workflowId },
          'a failure started no run',
        );
      }
    }
  }

  /** The workflow that the settings of a run name: the version that is active, or else the newest, or else the draft. */
  async #named({ graph, run, workspaceId, createdBy }: RunRecord, stores: WorkspaceStores): Promise<FailureTrigger[]> {
    const id = graph.settings.onFailure;
    const workflow = id === undefined ? undefined : await stores.workflows.get(id);
    if (!workflow) return [];
    const [active] = await stores.triggers.active(workflow.id);
    const version = active?.version ?? workflow.latestVersion;
    const started = version === null ? undefined : await stores.workflows.getVersion(workflow.id, version);
    const node = failureNode(started?.graph ?? workflow.draft, this.#deps.catalogue);
    if (node === undefined) {
      const data = { runId: run.id, workflowId: workflow.id };
      this.#deps.logger.warn(data, 'the workflow for failures has no node Workflow failed, so nothing was started');
      return [];
    }
    const settings = { kind: 'failure', workflow: '' } as const;
    return [{ workspaceId, workflowId: workflow.id, workflowName: workflow.name, version, node, settings, createdBy }];
  }
}

/** Whether a trigger listened for the runs of a workflow when this one failed. Of any workflow means of any other. */
function hears({ settings, workflowId, createdAt }: StoredTrigger, { run }: RunRecord): boolean {
  if (settings.kind !== 'failure' || (run.finishedAt !== null && createdAt > run.finishedAt)) return false;
  return settings.workflow === '' ? workflowId !== run.workflowId : settings.workflow === run.workflowId;
}

function failureNode(graph: Graph, catalogue: NodeCatalogue): string | undefined {
  const listens = ({ type, version }: GraphNode) => catalogue.describe(type, version)?.trigger === 'failure';
  return graph.nodes.find((node) => !node.disabled && listens(node))?.id;
}

/** What a failure brings to the runs it starts. */
function failureOf({ run, steps }: RunRecord): JsonObject {
  const step = steps.find(({ node }) => node === run.error?.node);
  return {
    ...{ runId: run.id, workflowId: run.workflowId, workflowName: run.workflowName, version: run.version },
    error: { code: run.error?.code ?? 'step-failed', message: run.error?.message ?? '' },
    step: step ? { node: step.node, name: step.name } : null,
  };
}
