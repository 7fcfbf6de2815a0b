import { randomUUID } from 'node:crypto';
import { emptyGraph, type FileRef, type Graph, type Step } from '@imaginarium/protocol';
import type { WorkspaceStores } from '../../../workspace-stores.ts';
import { RunCredits } from '../books/run-credits.ts';
import type { Database } from '../database/database.ts';
import { SqlRunStore } from '../runs/run-store.ts';
import { openWorkspaceOn } from '../workspaces.ts';
import { openScratch, type ScratchKind } from './scratch-databases.ts';
import { seedWorkspace } from './seed.ts';

/** A migrated database with workspaces as a test wants them. */
export interface World {
  database: Database;
  runStore: SqlRunStore;
  /** A new workspace with one workflow. */
  openOne(): Promise<{ workspaceId: string; workflowId: string; stores: WorkspaceStores }>;
  remove(): Promise<void>;
}

export async function openWorld(kind: ScratchKind): Promise<World> {
  const unlimited = new RunCredits({ mode: 'unlimited', startGrant: 0 });
  const { database, remove } = await openScratch(kind);
  return {
    database,
    remove,
    runStore: new SqlRunStore(database),
    async openOne() {
      const [workspaceId, workflowId] = [randomUUID(), randomUUID()];
      await seedWorkspace(database, workspaceId, workflowId);
      return { workspaceId, workflowId, stores: openWorkspaceOn(database, unlimited)(workspaceId) };
    },
  };
}

/** A graph of nodes `n1`, `n2`, ... */
export function graphOf(nodes: number): Graph {
  return {
    ...emptyGraph(),
    nodes: Array.from({ length: nodes }, (_, index) => ({
      ...{ id: `n${index + 1}`, type: 'test.node', version: 1, name: `Node ${index + 1}` },
      ...{ params: {}, position: { x: 0, y: 0 } },
    })),
  };
}

export function aStep(node: string, changes: Partial<Step> = {}): Step {
  return {
    ...{ node, iteration: '', name: node, type: 'test.node', state: 'succeeded', attempts: 1 },
    ...{ itemsIn: 1, itemsFailed: 0 },
    ...{ startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:01.000Z' },
    ...{ outputs: {}, credits: 0, error: null, reason: null },
    ...changes,
  };
}

/** A file whose id depends on its name only. */
export function aFile(seed: string): FileRef {
  const id = Buffer.from(seed.padEnd(32, '.')).toString('hex').slice(0, 64);
  return { id, kind: 'image', mime: 'image/png', bytes: 10, name: `${seed}.png`, width: 1, height: 1 };
}
