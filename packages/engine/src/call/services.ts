import type { NodeFiles } from '@imaginarium/node-sdk';
import type { WorkBudget } from '../limits/work-budget.ts';
import type { NodeRegistry } from '../packages/node-registry.ts';
import type { Clock } from '../ports/clock.ts';
import type { CodeRunner } from '../ports/code-runner.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { HttpClient } from '../ports/http-client.ts';
import type { NodeExecutor } from '../ports/node-executor.ts';
import type { RunProgress, RunStore } from '../ports/run-store.ts';
import type { ChildRuns } from '../ports/run-waits.ts';
import type { StepCache } from '../ports/step-cache.ts';

/** The files of one node execution; disposing removes its folder. */
export type StepFiles = NodeFiles &
  AsyncDisposable & {
    /** Whether there is a folder to remove. */
    readonly hasFolder: boolean;
    /** Told when the node has returned: there will be no other try, so its lasting folder goes too. */
    noteReturned(): void;
  };

/** Whose files a node execution may see. */
export interface FileScope {
  workspaceId: string;
  runId: string;
}

/** Everything a run needs from outside the engine. */
export interface RunServices {
  registry: NodeRegistry;
  store: RunProgress;
  bus: EventBus;
  cache: StepCache;
  clock: Clock;
  /** Runs code that people wrote; plain paths never ask it. */
  code: CodeRunner;
  /** Calls services for nodes. */
  http: HttpClient;
  /** Where nodes execute, by their pool; `undefined` is the worker itself. */
  executorFor(pool: string | undefined): NodeExecutor;
  /** @param call names what is executed: the same when the same item of the same run is tried again. */
  openFiles(scope: FileScope, call: string): StepFiles;
  /** What calls of heavy nodes get in by: memory and places of this machine. */
  budget: Pick<WorkBudget, 'take'>;
  modelsFolder: string;
  /** Starts runs for nodes that wait for their end. */
  children: ChildRuns;
}

/** What a worker needs: it takes runs from the store, too. */
export interface WorkerServices extends RunServices {
  store: RunStore;
}
