import { setTimeout as wait } from 'node:timers/promises';
import { aGraph } from '@imaginarium/engine/testing';
import type { RunEvent, Step } from '@imaginarium/protocol';
import { expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import type { ServerProcess } from './testing/server-process.ts';
import { Stage } from './testing/stage.ts';

/** Pictures that can be upscaled, and one that becomes wider than the format it is written in can be. */
const GOOD = 4;

const graph = aGraph()
  .node('good', 'generator.pattern', { count: GOOD, width: 240, height: 180 })
  .node('wide', 'generator.pattern', { width: 4096, height: 16 })
  .node('all', 'flow.merge')
  .node('up', 'upscaler.standard', { format: 'webp' })
  .policy('up', { onError: 'skip-item' })
  .wire('good.image', 'all.a')
  .wire('wide.image', 'all.b')
  .wire('all.item', 'up.image')
  .build();

test('a batch of upscales goes on where its server was killed: what was finished is not upscaled again, and one bad picture is named', {
  timeout: 90_000,
}, async () => {
  const [sqlite] = scratchKinds(inject('postgresUrl'));
  if (!sqlite) throw new Error('There is no SQLite.');
  const packages = ['nodes-base', 'nodes-upscaler'];
  await using stage = await Stage.set({ database: sqlite, queue: 'embedded' }, { packages });
  const first = await stage.start();
  await stage.setUp(first);
  const runId = await stage.runOf(first, await stage.addWorkflow(first, 'Batch', graph));
  const eventsOf = async (server: ServerProcess) =>
    ((await stage.get(server, `/runs/${runId}/events`)) as unknown as { events: RunEvent[] }).events;
  const toldDone = (events: readonly RunEvent[]) =>
    events.flatMap((event) =>
      event.type === 'step.progress' && event.node === 'up' && event.items ? [event.items.done] : [],
    );
  const doneIn = (events: readonly RunEvent[]) => Math.max(0, ...toldDone(events));
  while (doneIn(await eventsOf(first)) < 2) await wait(40);
  first.child.kill('SIGKILL');
  await first.ended;

  const second = await stage.start();
  const before = await eventsOf(second);
  await stage.settle();
  const after = (await eventsOf(second)).slice(before.length);
  const begun = (events: readonly RunEvent[]) =>
    events.filter((event) => event.type === 'log' && event.message.startsWith('Upscaled by')).length;
  expect(begun(after)).toBeLessThanOrEqual(GOOD - doneIn(before));
  // Progress is told now and then, the last of it perhaps not; but it never goes back.
  expect(toldDone(after)).toEqual(toldDone(after).toSorted((one, other) => one - other));
  const { steps } = (await stage.get(second, `/runs/${runId}`)) as unknown as { steps: Step[] };
  const up = steps.find(({ node }) => node === 'up');
  expect(up).toMatchObject({
    ...{ state: 'succeeded', itemsIn: GOOD + 1, itemsFailed: 1 },
    failedItems: [{ index: GOOD, name: expect.stringMatching(/\.png$/), message: expect.stringContaining('16383') }],
  });
  expect(up?.outputs.image).toHaveLength(GOOD);
});
