import { randomUUID } from 'node:crypto';
import { emptyGraph, type Graph, type RunEvent, type Step } from '@imaginarium/protocol';
import type { NewRun, RunStore } from '../ports/run-store.ts';

/** Milliseconds that a lease of these suites holds, unless a check is about its end. */
export const LEASE_MS = 60_000;

/** A run as {@link RunStore.accept} takes it. Stores with foreign keys replace the ids of workspace, workflow and person by real ones. */
export function aNewRun(changes: Partial<NewRun> = {}): NewRun {
  return {
    id: randomUUID(),
    workspaceId: '00000000-0000-4000-8000-000000000001',
    workflowId: '00000000-0000-4000-8000-000000000002',
    workflowName: 'Photo to carousel',
    version: null,
    graph: emptyGraph(),
    inputs: { title: 'Hello' },
    trigger: 'api',
    priority: 5,
    creditsQuoted: 25,
    createdBy: '00000000-0000-4000-8000-000000000003',
    ...changes,
  };
}

/** Another workspace than that of {@link aNewRun}, and its workflow. */
export const OTHER_PLACE = {
  workspaceId: '00000000-0000-4000-8000-000000000004',
  workflowId: '00000000-0000-4000-8000-000000000005',
};

/** A step that succeeded, with one item. */
export function aStep(node: string, changes: Partial<Step> = {}): Step {
  return {
    ...{ node, iteration: '', name: node, type: 'test.node', state: 'succeeded', attempts: 1 },
    ...{ startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:01.000Z', itemsIn: 1, itemsFailed: 0 },
    outputs: { text: [{ id: `${node}.text.0`, value: 'hi', fields: { row: 1 }, from: [] }] },
    ...{ credits: 3, error: null, reason: null },
    ...changes,
  };
}

/** A graph of nodes with these ids. */
export function aGraphOf(nodes: readonly string[]): Graph {
  const node = (id: string) => ({ id, type: 'test.node', version: 1, name: id, params: {}, position: { x: 0, y: 0 } });
  return { ...emptyGraph(), nodes: nodes.map(node) };
}

/** An event of a run. */
export function aLog(runId: string, seq: number): RunEvent {
  return {
    type: 'log',
    runId,
    seq,
    at: '2026-01-01T00:00:00.000Z',
    node: null,
    level: 'info',
    message: `event ${seq}`,
  };
}

/** The end of a run that went well. */
export const succeeded = { state: 'succeeded', creditsSpent: 3, error: null, cover: null } as const;

/** Claims a run. @throws {Error} when it cannot be claimed. */
export async function claimed(store: RunStore, runId: string, leaseMs = LEASE_MS) {
  const lease = await store.claim(runId, 'a', leaseMs);
  if (!lease) throw new Error('the run could not be claimed');
  return lease;
}
