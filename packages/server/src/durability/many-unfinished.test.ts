import { describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { Stage } from './testing/stage.ts';

/** Half of them wait in the queue, half were at work when their server died. */
const UNFINISHED = 100_000;
const READY_MS = 10_000;

describe.each(scratchKinds(inject('postgresUrl')))('a server on $name', (database) => {
  test(`is ready in time with ${UNFINISHED} unfinished runs, and takes new ones`, {
    timeout: 240_000,
    retry: 1,
  }, async () => {
    await using stage = await Stage.set({ database, queue: 'embedded' });
    const first = await stage.start();
    await stage.setUp(first);
    const pattern = await stage.run(first);
    await stage.settle();
    first.child.kill('SIGKILL');
    await first.ended;
    await multiply(stage, pattern);

    const before = performance.now();
    const server = await stage.start();
    const readyMs = performance.now() - before;
    await stage.run(server);
    expect(readyMs).toBeLessThan(READY_MS);
    expect((await fetch(`${server.address}/readyz`)).status).toBe(200);
  });
});

/** Makes unfinished runs after the pattern of one, all at once. */
async function multiply({ database }: Stage, pattern: string): Promise<void> {
  const isPostgres = database.kind === 'postgres';
  const id = isPostgres
    ? "lpad(to_hex(n), 8, '0')::text || '-0000-4000-8000-000000000000'"
    : "printf('%08x', n) || '-0000-4000-8000-000000000000'";
  const columns = `workspace_id, workflow_id, workflow_name, version, graph_hash, "trigger", priority, inputs, created_by,
    created_at, credits_quoted, credits_spent, last_seq`;
  const runs = `
    WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ${UNFINISHED})
    INSERT INTO run (id, state, lease_token, lease_worker, lease_until, ${columns})
    SELECT ${isPostgres ? `(${id})::uuid` : id}, CASE WHEN n % 2 = 0 THEN 'queued' ELSE 'running' END, n % 2,
      CASE WHEN n % 2 = 1 THEN 'a dead one' END, CASE WHEN n % 2 = 1 THEN created_at END,
      workspace_id, workflow_id, workflow_name, version, graph_hash, "trigger", priority, inputs, created_by, created_at,
      credits_quoted, 0, 0
    FROM counted, run WHERE run.id = '${pattern}'`;
  await database.write(async ({ manager }) => {
    await manager.query(runs);
    await manager.query(`
      INSERT INTO run_outbox (run_id, workspace_id, priority)
      SELECT id, workspace_id, priority FROM run WHERE state = 'queued'`);
  });
}
