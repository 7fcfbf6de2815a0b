import type { RunQueue } from '@imaginarium/engine';
import { aNewRun, eventually, OTHER_PLACE } from '@imaginarium/engine/testing';
import { afterEach, describe, expect, inject, test, vi } from 'vitest';
import { leftOut } from '../../../../tests/services/left-out.ts';
import { findRedisServer, startRedis } from '../../../../tests/services/redis.ts';
import { BullMqQueue } from '../adapters/bullmq/bullmq-queue.ts';
import { type JobPlace, postgresJobs, redisJobs } from '../adapters/bullmq/job-place.ts';
import { EmbeddedQueue } from '../adapters/embedded-queue/embedded-queue.ts';
import { openDatabase } from '../adapters/typeorm/database/data-source.ts';
import type { Database } from '../adapters/typeorm/database/database.ts';
import { SqlRunStore } from '../adapters/typeorm/runs/run-store.ts';
import { type ScratchDatabase, type ScratchKind, scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { seedWorkspace } from '../adapters/typeorm/testing/seed.ts';

/** Runs of one workspace that wait before another one's first. `FLOOD=100000` makes it many more. */
const FLOOD = Number(process.env.FLOOD ?? 10_000);
/** What a workspace may be delayed by others. */
const MOST_MS = 5000;
const WORK_MS = 20;

const postgresUrl = inject('postgresUrl');
const [sqlite, postgres] = scratchKinds(postgresUrl);
const hasRedis = findRedisServer() !== null;

interface Installation {
  name: string;
  kind: ScratchKind | undefined;
  /** Why it is left out; empty where it is not. */
  missing: string;
  open(store: SqlRunStore, url: string): Promise<{ queue: RunQueue; close(): Promise<void> }>;
}

async function overBullMq(store: SqlRunStore, place: JobPlace, close = async () => undefined as unknown) {
  const queue = new BullMqQueue({ place, store, log: { warn: vi.fn() } });
  await queue.ready();
  return {
    queue,
    close: async () => {
      await queue.close();
      await close();
    },
  };
}

const noPostgres = leftOut(postgres, 'PostgreSQL is not installed');
const installations: Installation[] = [
  {
    ...{ name: 'embedded on SQLite', kind: sqlite, missing: '' },
    open: async (store) => ({ queue: new EmbeddedQueue(store), close: async () => undefined }),
  },
  {
    ...{ name: 'BullMQ on Redis', kind: postgres, missing: noPostgres || leftOut(hasRedis, 'Redis is not installed') },
    async open(store) {
      const redis = await startRedis();
      return overBullMq(store, redisJobs(redis.url), () => redis.stop());
    },
  },
  {
    ...{ name: 'BullMQ on PostgreSQL', kind: postgres, missing: noPostgres },
    open: (store, url) => overBullMq(store, postgresJobs(url)),
  },
];

describe.each(installations)('$name$missing', ({ kind, missing, open }) => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  test.skipIf(missing)(
    `brings the first run of a workspace within seconds though another one has ${FLOOD} queued`,
    { timeout: 240_000 },
    async () => {
      const scratch = (await kind?.create()) as ScratchDatabase;
      closing.push(() => scratch.remove());
      const database = await openDatabase(scratch.place);
      closing.push(() => database.close());
      const flooded = aNewRun();
      await seedWorkspace(database, flooded.workspaceId, flooded.workflowId);
      await seedWorkspace(database, OTHER_PLACE.workspaceId, OTHER_PLACE.workflowId);
      const store = new SqlRunStore(database);
      await store.accept(flooded);
      await flood(database, flooded.id);
      const { queue, close } = await open(store, 'url' in scratch.place ? scratch.place.url : '');
      closing.push(close);

      const brought = new Map<string, number>();
      const consumer = await queue.consume(
        async (runId) => {
          if (!(await store.claim(runId, 'worker', 60_000))) return false;
          brought.set(runId, performance.now());
          await new Promise((resolve) => setTimeout(resolve, WORK_MS));
          return true;
        },
        { concurrency: 4 },
      );
      closing.push(() => consumer.stop());
      await eventually(() => brought.size > 20, 'the flood is at work', 60_000);
      const waits: number[] = [];
      const accepts: number[] = [];
      for (let count = 0; count < 5; count++) {
        const start = performance.now();
        const { run } = await store.accept(aNewRun(OTHER_PLACE));
        accepts.push(performance.now() - start);
        await queue.offer({ runId: run.id, workspaceId: OTHER_PLACE.workspaceId, priority: run.priority });
        await eventually(() => brought.has(run.id), 'the run of the other workspace is brought', MOST_MS * 2);
        waits.push((brought.get(run.id) ?? 0) - start);
      }
      if (process.env.FLOOD) console.log({ waits: waits.map(Math.round), accepts: accepts.map(Math.round) });
      expect(Math.max(...waits)).toBeLessThan(MOST_MS);
    },
  );
});

/** Queues more runs like one that is there, without a store: it would take minutes. */
async function flood(database: Database, runId: string): Promise<void> {
  const isPostgres = database.kind === 'postgres';
  const columns = `workspace_id, workflow_id, workflow_name, version, graph_hash, state, "trigger", priority, inputs, created_at,
    created_by, credits_quoted, credits_spent, last_seq, lease_token`;
  const id = isPostgres
    ? "CAST(lpad(to_hex(n), 8, '0') || '-0000-4000-8000-000000000000' AS uuid)"
    : "printf('%08x-0000-4000-8000-000000000000', n)";
  await database.write(async ({ manager }) => {
    await manager.query(
      `WITH RECURSIVE count (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < ${FLOOD})
       INSERT INTO run (id, ${columns}) SELECT ${id}, ${columns} FROM count, run WHERE run.id = '${runId}'`,
    );
    await manager.query(
      `INSERT INTO run_outbox (run_id, workspace_id, priority) SELECT id, workspace_id, priority FROM run WHERE id <> '${runId}'`,
    );
  });
}
