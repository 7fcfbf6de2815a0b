import { setTimeout as wait } from 'node:timers/promises';
import type { Graph } from '@imaginarium/protocol';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { WAIT_KILL_POINTS } from '../kill-points/kill-points.ts';
import { installations } from './testing/installations.ts';
import { Lines } from './testing/lines.ts';
import { Stage } from './testing/stage.ts';
import { Witness } from './testing/witness.ts';

/** Asks before the node that must not be repeated. */
function asking(graph: Graph): Graph {
  const ask = { ...graph.nodes[0], id: 'ask', name: 'ask', type: 'counting.ask' } as Graph['nodes'][number];
  const port = 'document';
  const edges = graph.edges.filter(({ to }) => to.node !== 'once');
  return {
    ...graph,
    nodes: [...graph.nodes, ask],
    edges: [
      ...edges,
      { id: 'before-ask', from: { node: 'before', port }, to: { node: 'ask', port } },
      { id: 'ask-once', from: { node: 'ask', port }, to: { node: 'once', port } },
    ],
  };
}

/** Waits until the last run is in a state. @throws {Error} with the one that it is in after a minute. */
async function untilIs(stage: Stage, state: string): Promise<void> {
  const end = performance.now() + 60_000;
  for (;;) {
    const { state: is } = await stage.lastRun();
    if (is === state) return;
    if (performance.now() > end) throw new Error(`The run was to be ${state} and is ${is}.`);
    await wait(50);
  }
}

describe.each(scratchKinds(inject('postgresUrl')))('a run that waits on $name', (database) => {
  const lines = new Lines(2, database, (stage, server) => stage.setUp(server, 5, asking));
  afterAll(() => lines[Symbol.asyncDispose]());

  test.concurrent.each(WAIT_KILL_POINTS)(
    'goes on once though its server is killed at %s',
    { timeout: 150_000 },
    (point) =>
      lines.use(async (line) => {
        const { stage, server } = line;
        await server.dieAt({ point, count: 1 });
        await stage.run(server).catch(() => 'The server was killed before it had answered.');
        if (point.startsWith('answer')) {
          await untilIs(stage, 'waiting');
          await stage.approve(server).catch(() => 'The server was killed before it had answered.');
        }
        expect(await server.ended).toBe('SIGKILL');
        const witness = new Witness();
        await witness.look(stage);

        await stage.lapseLeases();
        const heir = await stage.start();
        line.server = heir;
        // What was answered before the server died goes on by itself.
        if (point !== 'answer-after') {
          await untilIs(stage, 'waiting');
          expect(await stage.approve(heir)).toBe(true);
        }
        await untilIs(stage, 'succeeded');
        expect(await stage.approve(heir)).toBe(false);
        expect(await stage.brokenInvariants()).toEqual([]);
        expect(await witness.contradictions(stage)).toEqual([]);
        const left = await stage.database.read(
          ({ sql }) => sql`SELECT run_id FROM run_wait UNION SELECT run_id FROM run_park`,
        );
        expect(left).toEqual([]);
      }),
  );
});

describe.each(installations(inject('postgresUrl')))('on $name', (installation) => {
  test('a run waits across a restart, and is brought on by the queue', { timeout: 150_000 }, async () => {
    await using stage = await Stage.set(installation);
    const first = await stage.start();
    await stage.setUp(first, 5, asking);
    await stage.run(first);
    await untilIs(stage, 'waiting');
    first.child.kill('SIGTERM');
    await first.ended;
    const second = await stage.start();
    const askedAt = performance.now();
    expect(await stage.approve(second)).toBe(true);
    await untilIs(stage, 'succeeded');
    // The queue brings it; no sweep has to find it.
    expect(performance.now() - askedAt).toBeLessThan(4000);
    expect(await stage.brokenInvariants()).toEqual([]);
  });
});
