import type { Graph, GraphNode, JsonObject } from '@imaginarium/protocol';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import type { KillAt } from '../kill-points/kill-points.ts';
import { Lines } from './testing/lines.ts';
import type { ServerProcess } from './testing/server-process.ts';
import type { Stage } from './testing/stage.ts';
import { Witness } from './testing/witness.ts';

/** Two files, and a loop over them in which two nodes take effect, one after the other. */
function looping({ nodes, ...graph }: Graph): Graph {
  const [source] = nodes as [GraphNode];
  const node = (id: string, type: string, parent?: string): GraphNode => ({
    ...{ ...source, id, name: id, type },
    ...(parent === undefined ? {} : { parent }),
  });
  const wire = (from: string, to: string) => {
    const [[a = '', port = ''], [b = '', other = '']] = [from.split('.'), to.split('.')];
    return { id: `${a}-${b}`, from: { node: a, port }, to: { node: b, port: other } };
  };
  return {
    ...graph,
    nodes: [
      source,
      node('each', 'counting.each'),
      node('first', 'counting.again', 'each'),
      node('second', 'counting.again', 'each'),
    ],
    edges: [
      wire('source.document', 'each.items'),
      wire('each.item', 'first.document'),
      wire('first.document', 'second.document'),
      wire('second.document', 'each.result'),
    ],
  };
}

/** Before, in and between the iterations. */
const moments: KillAt[] = [
  ...[2, 3, 4, 5].map((count) => ({ point: 'effect-done-before-record' as const, count })),
  { point: 'step-start', count: 5 },
  { point: 'checkpoint-after', count: 1 },
];

describe.each(scratchKinds(inject('postgresUrl')))('a loop on $name whose server is killed', (database) => {
  const lines = new Lines(2, database, (stage, server) => stage.setUp(server, 5, looping));
  afterAll(() => lines[Symbol.asyncDispose]());

  test.concurrent.each(moments)(
    'at $point, time $count, goes on in the middle and is told iteration by iteration',
    { timeout: 120_000 },
    (killAt) =>
      lines.use(async (line) => {
        const { stage, server } = line;
        await server.dieAt(killAt);
        await stage.run(server).catch(() => 'The server was killed before it had answered.');
        expect(await server.ended).toBe('SIGKILL');
        const witness = new Witness();
        await witness.look(stage);

        await stage.lapseLeases();
        line.server = await stage.start();
        await stage.settle();
        const { id, state } = await stage.lastRun();
        expect(state).toBe('succeeded');
        expect(await stage.brokenInvariants()).toEqual([]);
        expect(await witness.contradictions(stage)).toEqual([]);
        await isToldWhole(stage, line.server, id);
      }),
  );
});

/** What the API says of the run, of its iterations and of each of their steps. */
async function isToldWhole(stage: Stage, server: ServerProcess, run: string): Promise<void> {
  const ask = (path: string) => stage.get(server, `/runs/${run}${path}`);
  const detail = await ask('');
  expect((detail.steps as JsonObject[]).map(({ node, state }) => [node, state])).toEqual([
    ['source', 'succeeded'],
    ['each', 'succeeded'],
  ]);
  // Each handles one file in each iteration: 1.75 credits, rounded in the account and not here.
  expect((detail.inside as JsonObject[]).map(({ node, states }) => [node, states])).toEqual([
    ['first', { succeeded: 2 }],
    ['second', { succeeded: 2 }],
  ]);
  const all = await ask('/iterations?loop=each');
  expect(all).toMatchObject({ total: 2, states: { succeeded: 2 } });
  expect((all.iterations as JsonObject[]).map(({ iteration, state, error }) => [iteration, state, error])).toEqual([
    ['each#0', 'succeeded', null],
    ['each#1', 'succeeded', null],
  ]);
  expect(await ask('/iterations?loop=each&skip=1&limit=1')).toMatchObject({ iterations: [{ iteration: 'each#1' }] });
  expect(await ask('/iterations?loop=each&state=failed')).toMatchObject({ iterations: [], total: 0 });
  const steps = await ask(`/steps?iteration=${encodeURIComponent('each#1')}`);
  expect((steps.steps as JsonObject[]).map(({ node, iteration, state }) => [node, iteration, state])).toEqual([
    ['first', 'each#1', 'succeeded'],
    ['second', 'each#1', 'succeeded'],
  ]);
}
