import { beforeEach, describe, expect, it } from 'vitest';
import { aGraph } from '../testing/index.ts';
import { anEach, atWork, done, forgetWork, inside, loopHarness } from '../testing/loop-nodes.ts';

beforeEach(forgetWork);

describe('a loop over items', () => {
  it('runs what is placed in it once for each item, and gives what comes back in the order of the items', async () => {
    const run = await loopHarness().run(anEach([5, 6, 7]));
    expect(run.outcome).toMatchObject({ state: 'succeeded', creditsSpent: 30 });
    expect(run.values('each.results')).toEqual([6, 7, 8]);
    expect(run.steps.each).toMatchObject({ state: 'succeeded', itemsIn: 3, reason: '3 iterations.' });
    expect(run.steps['a@each#1']).toMatchObject({ node: 'a', iteration: 'each#1', state: 'succeeded', credits: 10 });
    expect(run.steps.a).toBeUndefined();
    expect(done.map(({ key }) => key).sort()).toEqual(['a@each#0:0', 'a@each#1:0', 'a@each#2:0']);
  });

  it('gives items with fields and descent, so that they pair with what they were made from', async () => {
    const graph = anEach([5, 6, 7]);
    const paired = aGraph()
      .node('join', 'test.join')
      .wire('list.item', 'join.a')
      .wire('each.results', 'join.b')
      .build();
    const run = await loopHarness().run({
      ...graph,
      nodes: [...graph.nodes, ...paired.nodes],
      edges: [...graph.edges, ...paired.edges.map((edge) => ({ ...edge, id: `j${edge.id}` }))],
    });
    expect(run.values('join.item')).toEqual(['56', '67', '78']);
    expect(run.steps.each?.outputs.results?.[2]).toEqual({
      ...{ id: 'each.results.2', value: 8, fields: { row: 2 }, from: ['list.item.2'] },
    });
  });

  it('hands several items to each iteration, and what is left to the last', async () => {
    const graph = aGraph()
      .node('list', 'test.list', { values: [1, 2, 3, 4, 5] })
      .node('each', 'test.each', { size: 2 })
      .node('sum', 'test.sum', {}, inside('each'))
      .wire('list.item', 'each.items')
      .wire('each.item', 'sum.item')
      .wire('sum.item', 'each.result')
      .build();
    const run = await loopHarness().run(graph);
    expect(run.values('each.results')).toEqual([3, 7, 5]);
    expect(run.steps.each?.outputs.results?.[0]?.from).toEqual(['list.item.0', 'list.item.1']);
  });

  it('keeps as many iterations under way as it says, and the run no more items than its settings say', async () => {
    const many = Array.from({ length: 20 }, (_, index) => index);
    await loopHarness().run(anEach(many, { atOnce: 1 }));
    expect(atWork.most).toBe(1);
    expect(done.map(({ value }) => value)).toEqual(many);
    atWork.most = 0;
    await loopHarness().run(anEach(many, { atOnce: 3 }));
    expect(atWork.most).toBe(3);
    atWork.most = 0;
    await loopHarness().run({ ...anEach(many, { atOnce: 16 }), settings: { concurrency: 2 } });
    expect(atWork.most).toBe(2);
  });

  it('lets expressions see the nodes around it and inside it, and where the loop is', async () => {
    const graph = aGraph()
      .node('list', 'test.list', { values: ['x', 'y'] })
      .node('other', 'test.list', { values: ['far'] })
      .node('each', 'test.each')
      .node('near', 'test.pass', {}, inside('each'))
      .node(
        'say',
        'test.say',
        {
          text: '{{ nodes.other.items[0].value }} {{ nodes.near.items[0].value }} {{ nodes.each.items[0].value }} {{ loop.index + 1 }}/{{ loop.count }}',
        },
        inside('each'),
      )
      .wire('list.item', 'each.items')
      .wire('each.item', 'near.item')
      .wire('near.item', 'say.item')
      .wire('say.item', 'each.result')
      .build();
    const run = await loopHarness().run(graph);
    expect(run.values('each.results')).toEqual(['far x x 1/2', 'far y y 2/2']);
  });

  it('hands what is shared whole to every iteration', async () => {
    const graph = aGraph()
      .node('list', 'test.list', { values: [1, 2] })
      .node('mark', 'test.list', { values: ['!'] })
      .node('each', 'test.each')
      .node('join', 'test.join', {}, inside('each'))
      .wire('list.item', 'each.items')
      .wire('mark.item', 'each.shared')
      .wire('each.item', 'join.a')
      .wire('each.shared', 'join.b')
      .wire('join.item', 'each.result')
      .build();
    expect((await loopHarness().run(graph)).values('each.results')).toEqual(['1!', '2!']);
  });

  it('takes none or several items from an iteration, and skips nodes that nothing reaches', async () => {
    const graph = aGraph()
      .node('list', 'test.list', { values: [2, 0, 1] })
      .node('each', 'test.each')
      .node('copies', 'test.copies', {}, inside('each'))
      .node('pass', 'test.pass', {}, inside('each'))
      .wire('list.item', 'each.items')
      .wire('each.item', 'copies.item')
      .wire('copies.item', 'pass.item')
      .wire('pass.item', 'each.result')
      .build();
    const run = await loopHarness().run(graph);
    expect(run.values('each.results')).toEqual([2, 2, 1]);
    expect(run.steps['pass@each#1']).toMatchObject({ state: 'skipped', reason: 'Nothing came from copies.' });
  });

  it('says how far it is', async () => {
    const { events } = await loopHarness().run(anEach([1, 2]));
    expect(events).toContainEqual(expect.objectContaining({ type: 'step.progress', node: 'each', message: '0 of 2' }));
    expect(events).toContainEqual(expect.objectContaining({ type: 'step.started', node: 'a', iteration: 'each#1' }));
  });

  it('stands in another loop', async () => {
    const graph = aGraph()
      .node('list', 'test.list', { values: [1, 2, 3] })
      .node('outer', 'test.each', { size: 2 })
      .node('inner', 'test.each', {}, inside('outer'))
      .node('a', 'test.say', { text: '{{ item.value }}:{{ loop.outer.index }}.{{ loop.index }}' }, inside('inner'))
      .wire('list.item', 'outer.items')
      .wire('outer.item', 'inner.items')
      .wire('inner.item', 'a.item')
      .wire('a.item', 'inner.result')
      .wire('inner.results', 'outer.result')
      .build();
    const run = await loopHarness().run(graph);
    expect(run.values('outer.results')).toEqual(['1:0.0', '2:0.1', '3:1.0']);
    expect(run.steps['a@outer#0/inner#1']?.iteration).toBe('outer#0/inner#1');
    expect(run.steps.outer?.outputs.results?.[2]?.from).toEqual(['list.item.2']);
  });

  it('takes ten thousand iterations, stored in many small parts', { timeout: 30_000 }, async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => index);
    const graph = aGraph()
      .node('list', 'test.list', { values: many })
      .node('each', 'test.each')
      .node('pass', 'test.pass', {}, inside('each'))
      .wire('list.item', 'each.items')
      .wire('each.item', 'pass.item')
      .wire('pass.item', 'each.result')
      .build();
    const world = loopHarness();
    let largest = 0;
    const checkpoint = world.store.checkpoint.bind(world.store);
    world.store.checkpoint = (lease, part) => {
      largest = Math.max(largest, part.steps.length + part.events.length);
      return checkpoint(lease, part);
    };
    const run = await world.run(graph);
    expect(run.values('each.results')).toEqual(many);
    expect(Object.keys(run.steps)).toHaveLength(10_002);
    expect(largest).toBeLessThan(1000);
  });
});
