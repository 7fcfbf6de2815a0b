import type { CachedStep } from './cached-step.ts';

/** Where a step stands: one node of one workflow, and inside a loop one iteration of it. */
export interface StepPlace {
  workflowId: string;
  /** The node, with its iteration inside a loop, as `stepKey` writes them. */
  node: string;
}

/**
 * What a step depended on when its result was last kept. Values are hashes: it says later what has changed, and gives nothing away.
 */
export interface StepTrace {
  /** The key its result was kept by. */
  key: string;
  /** Its node type and version: `acme.sepia@1`. */
  type: string;
  /** The package that brought it: `@acme/nodes 1.2.0`. */
  package: string;
  /** Each param, over all items. */
  params: Record<string, string>;
  /** What came in by each port that something came in by. */
  inputs: Record<string, { items: number; hash: string }>;
  /** What else it depended on, such as an installed model. */
  fingerprint: string;
}

/** Keeps what pure steps gave, by a hash of all that it depends on. May forget at any time. */
export interface StepCache {
  get(workspaceId: string, key: string): Promise<CachedStep | undefined>;
  /** @param at where it was executed, and what it depended on there: replaces what {@link trace} gives. */
  put(workspaceId: string, key: string, step: CachedStep, at?: StepPlace & { trace: StepTrace }): Promise<void>;
  /** What a step depended on when its result was last kept. It may outlive the result. */
  trace(workspaceId: string, place: StepPlace): Promise<StepTrace | undefined>;
}
