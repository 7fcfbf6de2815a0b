import { randomUUID } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { aGraph, aLightNode, aNewRun, noFiles, RunHarness } from '@imaginarium/engine/testing';
import { defineNode, port, wait } from '@imaginarium/node-sdk';
import { expect, test } from 'vitest';
import { EmbeddedQueue } from '../adapters/embedded-queue/embedded-queue.ts';
import type { Database } from '../adapters/typeorm/database/database.ts';
import { SqlRunStore } from '../adapters/typeorm/runs/run-store.ts';
import { SqlRunWaits } from '../adapters/typeorm/runs/run-waits.ts';
import { openScratch, type ScratchKind, scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { seedWorkspace } from '../adapters/typeorm/testing/seed.ts';
import { Waker } from '../waits/waker.ts';
import { Worker } from '../worker/worker.ts';

const HOUR_MS = 3_600_000;
const FIRST = 100;
const MORE = 400;
/** Bytes of the heap that one more waiting run may hold: with its record alone it would be several thousand. */
const MOST_BYTES = 1500;

const rest = defineNode({
  ...aLightNode,
  ...{ type: 'test.rest', inputs: {}, outputs: { text: port.text() }, waits: true },
  execute: ({ resumed }) => (resumed ? { text: 'x'.repeat(2000) } : wait({ kind: 'time', afterMs: HOUR_MS })),
});

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** The heap that is in use, once everything went that nobody holds. */
function heapUsed(): number {
  for (let time = 0; time < 3; time++) collect();
  return process.memoryUsage().heapUsed;
}

/** A server's worker on a database, without its HTTP. */
async function aWorker(database: Database) {
  const store = new SqlRunStore(database);
  const queue = new EmbeddedQueue(store);
  const services = { ...new RunHarness([rest], { openFiles: () => noFiles }).services, store };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const worker = new Worker({ id: randomUUID(), queue, services, concurrency: 20, log });
  await worker.start();
  return { store, queue, worker, waker: new Waker({ waits: new SqlRunWaits(database), queue, log }) };
}

test('runs that wait are held by nobody: five thousand take less than ten megabytes, and go on after a restart', {
  timeout: 120_000,
}, async () => {
  const { database, remove } = await openScratch(scratchKinds(null)[0] as ScratchKind);
  const { workspaceId, workflowId } = aNewRun();
  await seedWorkspace(database, workspaceId, workflowId);
  const graph = aGraph().node('rest', 'test.rest').build();
  const countOf = async (state: string) => {
    const [row] = await database.read(
      ({ sql }) => sql<{ count: number }>`SELECT COUNT(*) AS count FROM run WHERE state = ${state}`,
    );
    return Number(row?.count);
  };
  const first = await aWorker(database);
  const begin = async (count: number) => {
    const before = await countOf('waiting');
    for (let made = 0; made < count; made++) {
      const { run } = await first.store.accept(
        aNewRun({ workspaceId, workflowId, id: randomUUID(), graph, inputs: {} }),
      );
      await first.queue.offer({ runId: run.id, workspaceId, priority: 5 });
    }
    await expect.poll(() => countOf('waiting'), { timeout: 20_000, interval: 20 }).toBe(before + count);
  };
  await begin(FIRST);
  const before = heapUsed();
  await begin(MORE);
  expect((heapUsed() - before) / MORE).toBeLessThan(MOST_BYTES);

  await first.worker.stop(0);
  const second = await aWorker(database);
  await database.write(({ sql }) => sql`UPDATE run_wait SET due_at = '2026-01-01T00:00:00.000Z'`);
  await second.waker.look();
  await expect.poll(() => countOf('succeeded'), { timeout: 20_000, interval: 20 }).toBe(FIRST + MORE);
  await second.worker.stop(0);
  await remove();
});
