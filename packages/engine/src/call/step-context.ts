import type { FailedItem, Graph, PriceTerms, Run, RunEventBody } from '@imaginarium/protocol';
import type { FindItem } from '../items/pair-items.ts';
import type { Limiter } from '../limits/limiter.ts';
import type { ItemScope } from '../plan/scope.ts';
import type { StepParts } from '../plan/step-parts.ts';
import type { ParkedStep } from '../ports/run-waits.ts';
import type { FileScope, RunServices } from './services.ts';

/** What a step needs of the run it belongs to. */
export interface StepContext {
  services: Omit<RunServices, 'store' | 'bus'>;
  scope: FileScope;
  expressions: ItemScope;
  find: FindItem;
  limiter: Limiter;
  signal: AbortSignal;
  run: Run;
  /** The graph as it runs. */
  graph: Graph;
  /** The iteration of the loops around the step; empty outside of loops. */
  iteration: string;
  /** What the step waited for until now, when it did. */
  parked?: ParkedStep | undefined;
  /** Its calls, where they are written down one by one. */
  parts?: StepParts | undefined;
  /** Told of each run that the step started. */
  onChild(runId: string): void;
  /** The prices that the run is charged by; null for the nodes' own. */
  terms: PriceTerms | null;
  /** Whether somebody pays for what its steps cost. */
  charged: boolean;
  /** Makes sure that the step can be paid, by its exact price in hundredths. @throws {StepFailedError} when it cannot. */
  afford(exact: number): Promise<void>;
  /** Told of the item that ended the step, where it has several. */
  onItemFailed(item: FailedItem): void;
  /** Told of progress, retries and logs. */
  tell(event: RunEventBody): void;
}
