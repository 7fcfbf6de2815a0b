import type { RunState } from '@imaginarium/protocol';

/** Narrows the list of runs. */
export interface RunFilter {
  workflowId?: string | undefined;
  state?: RunState | undefined;
}

/** The names under which answers are held; a prefix names the whole family. */
export const queryKeys = {
  setup: ['setup'],
  session: ['session'],
  apiKeys: ['api-keys'],
  nodeTypes: ['node-types'],
  workflows: ['workflows'],
  workflow: (id: string) => ['workflow', id],
  activation: (id: string) => ['workflow', id, 'activation'],
  versions: (id: string) => ['workflow', id, 'versions'],
  allRuns: ['runs'],
  runs: (filter: RunFilter) => ['runs', filter.workflowId ?? null, filter.state ?? null],
  recentRuns: (count: number) => ['runs', 'recent', count],
  run: (id: string) => ['run', id],
  waits: ['waits'],
  waitsOf: (runId: string) => ['waits', 'run', runId],
  questions: ['waits', 'questions'],
} as const;
