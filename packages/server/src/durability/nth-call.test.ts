import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  LocalExecutor,
  MemoryEventBus,
  MemoryStepCache,
  NodeRegistry,
  noChildRuns,
  type RunStore,
  systemClock,
  WorkBudget,
  type WorkerServices,
} from '@imaginarium/engine';
import { aNewRun } from '@imaginarium/engine/testing';
import { TestCode } from '@imaginarium/node-sdk/testing';
import { describe, expect, inject, test } from 'vitest';
import { DiskFileStore } from '../adapters/disk/disk-file-store.ts';
import { DiskStepFiles } from '../adapters/disk/disk-step-files.ts';
import { OutputFolder } from '../adapters/disk/output-folder.ts';
import { EmbeddedQueue } from '../adapters/embedded-queue/embedded-queue.ts';
import { RunCredits } from '../adapters/typeorm/books/run-credits.ts';
import type { Database } from '../adapters/typeorm/database/database.ts';
import { SqlRunStore } from '../adapters/typeorm/runs/run-store.ts';
import { openScratch, type ScratchKind, scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { seedWorkspace } from '../adapters/typeorm/testing/seed.ts';
import { openWorkspaceOn } from '../adapters/typeorm/workspaces.ts';
import { Worker } from '../worker/worker.ts';
import counting from './testing/counting-nodes/index.ts';
import { brokenInvariants, storedRuns } from './testing/invariants.ts';
import { NthCall } from './testing/nth-call.ts';
import { countingGraph } from './testing/server-process.ts';

/** No run of this test makes so many calls. */
const FAR = 400;
/** Worlds at the same time: most of the time is spent waiting for leases to lapse. */
const TOGETHER = 6;
/** In passing every third call is made to fail; `NTH_STEP=1` has all of them fail. */
const step = Number(process.env.NTH_STEP ?? 3);

const STORE_CALLS = [
  ...['accept', 'claim', 'takeOver', 'renew', 'release', 'load', 'setAside', 'checkpoint', 'settle'],
  ...['isCancelRequested', 'listQueued', 'listDue', 'listAbandoned'],
] as (keyof RunStore & string)[];

/** One run in a world of its own, in which the n-th call fails. @returns the call; undefined when there were fewer. */
async function runWith(kind: ScratchKind, n: number, when: 'before' | 'after'): Promise<string | undefined> {
  const dataDir = await mkdtemp(join(tmpdir(), 'imaginarium-nth-'));
  const { database, remove } = await openScratch(kind);
  const nth = new NthCall(n, when);
  const credits = new RunCredits({ mode: 'metered', startGrant: 1000 });
  const { workspaceId, workflowId } = aNewRun();
  await seedWorkspace(database, workspaceId, workflowId);
  const store = nth.through<RunStore>(new SqlRunStore(database, credits), STORE_CALLS);
  const queue = nth.through(new EmbeddedQueue(store, { sweepMs: 200 }), ['offer']);
  const files = new DiskFileStore({
    root: join(dataDir, 'files'),
    maxBytes: 1e6,
    inspectPicture: async () => ({ width: 1, height: 1 }),
  });
  const owned = nth.through(openWorkspaceOn(database, credits)(workspaceId).files, ['addMade', 'missing']);
  const registry = new NodeRegistry();
  registry.add({ name: 'counting', version: '1.0.0' }, counting.nodes);
  const local = new LocalExecutor(registry);
  const stepFiles = {
    ...{ store: nth.through(files, ['put', 'locate']), owned, workFolder: join(dataDir, 'work') },
    outputFolder: new OutputFolder(join(dataDir, 'out')),
    lastingFolderOf: () => join(dataDir, 'lasting'),
  };
  const services: WorkerServices = {
    ...{ registry, store, bus: new MemoryEventBus(), cache: new MemoryStepCache(), clock: systemClock },
    ...{ modelsFolder: '/nonexistent', children: noChildRuns, budget: new WorkBudget({ memoryMb: 1000, places: {} }) },
    code: { run: (_workspaceId, program) => new TestCode().evaluate(program) },
    http: { fetch: () => Promise.reject(new Error('Nothing is called in tests.')) },
    executorFor: () => local,
    openFiles: ({ runId }, call) => new DiskStepFiles(stepFiles, runId, call),
  };
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const worker = new Worker({ id: 'worker', queue, services, concurrency: 2, log: quiet });
  await worker.start();
  try {
    const asked = aNewRun({
      ...{ graph: countingGraph(join(dataDir, 'effects'), 1), inputs: {}, creditsQuoted: 14 },
      terms: { version: 0, rules: [], bundle: null },
      idempotency: { key: 'order', requestHash: 'same' },
    });
    const accept = () => store.accept({ ...asked, id: randomUUID() });
    // Who asks does not know whether it was accepted, and asks again.
    const { run } = await accept().catch(accept);
    await queue.offer({ runId: run.id, workspaceId, priority: 5 }).catch(() => undefined);
    await untilEnded(database, `${n}, ${when}: ${nth.failed ?? 'nothing'} failed`);
    const effects = (await readFile(join(dataDir, 'effects'), 'utf8').catch(() => '')).split('\n').slice(0, -1);
    const broken = await brokenInvariants(database, dataDir, effects);
    expect({ failed: nth.failed, broken }).toEqual({ failed: nth.failed, broken: [] });
    const [stored, ...others] = await storedRuns(database);
    expect(others).toEqual([]);
    const reason = stored?.error ? JSON.parse(stored.error).code : stored?.state;
    expect(['succeeded', 'step-outcome-unknown', 'step-failed']).toContain(reason);
    return nth.failed;
  } finally {
    await worker.stop(0);
    await remove();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Waits until every run has ended. @throws {Error} when one has not in time. */
async function untilEnded(database: Database, what: string): Promise<void> {
  const end = performance.now() + 40_000;
  for (;;) {
    const open = (await storedRuns(database)).filter(({ state }) => !['succeeded', 'failed'].includes(state));
    if (open.length === 0) return;
    if (performance.now() > end) throw new Error(`${what}, and the run is still ${open[0]?.state}`);
    await wait(50);
  }
}

describe.each(scratchKinds(inject('postgresUrl')))('on $name', (kind) => {
  test.each(['before', 'after'] as const)(
    'a run ends as it should whichever call fails %s it did what it does',
    { timeout: 400_000 },
    async (when) => {
      const failed = new Set<string>();
      for (let n = 1; n < FAR; n += step * TOGETHER) {
        const together = Array.from({ length: TOGETHER }, (_, index) => n + step * index);
        const calls = await Promise.all(together.map((at) => runWith(kind, at, when)));
        for (const call of calls) if (call !== undefined) failed.add(call);
        // A clean pass: the run was over before its n-th call.
        if (calls.includes(undefined)) break;
      }
      expect(failed.size).toBeGreaterThan(3);
    },
  );
});
