import { setTimeout as wait } from 'node:timers/promises';
import { emptyGraph, type Graph } from '@imaginarium/protocol';
import { describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { CANCEL_KILL_POINTS } from '../kill-points/kill-points.ts';
import { storedRuns } from './testing/invariants.ts';
import { Stage } from './testing/stage.ts';

const oneNode = (type: string, params = {}): Graph => ({
  ...emptyGraph(),
  nodes: [{ id: 'n', type, version: 1, name: 'n', params, position: { x: 0, y: 0 } }],
});

/** A workflow that asks a person, which nobody answers. */
function asking(file: string): Graph {
  const [source, ask] = [oneNode('counting.source', { file }), oneNode('counting.ask')].flatMap(({ nodes }) => nodes);
  if (!source || !ask) throw new Error('expected two nodes');
  const port = 'document';
  return {
    ...emptyGraph(),
    nodes: [source, { ...ask, id: 'ask' }],
    edges: [{ id: 'e', from: { node: 'n', port }, to: { node: 'ask', port } }],
  };
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what}: not so after a minute`);
    await wait(50);
  }
}

describe.each(scratchKinds(inject('postgresUrl')))('on $name', (database) => {
  test.concurrent.each(CANCEL_KILL_POINTS)(
    'runs that others started end with them though the server is killed at %s',
    { timeout: 150_000 },
    async (point) => {
      await using stage = await Stage.set({ database, queue: 'embedded' });
      const first = await stage.start({ point, count: 1 });
      await stage.setUp(first);
      const innermost = await stage.addWorkflow(first, 'Asks', asking(`${stage.dataDir}/effects`));
      const middle = await stage.addWorkflow(first, 'Starts', oneNode('counting.start', { workflowId: innermost }));
      const outer = await stage.addWorkflow(first, 'Starts that', oneNode('counting.start', { workflowId: middle }));
      const runId = await stage.runOf(first, outer);
      const states = async () => (await storedRuns(stage.database)).map(({ state }) => state);
      await until('three runs wait', async () => (await states()).join() === 'waiting,waiting,waiting');
      await stage.cancel(first, runId).catch(() => 'The server was killed before it had answered.');
      expect(await first.ended).toBe('SIGKILL');
      expect((await states()).filter((state) => state === 'cancelled')).toHaveLength(1);

      await stage.start();
      await until('all have ended', async () => (await states()).join() === 'cancelled,cancelled,cancelled');
      const left = await stage.database.read(
        ({ sql }) => sql`SELECT run_id FROM run_wait UNION SELECT run_id FROM run_park`,
      );
      expect(left).toEqual([]);
    },
  );
});
