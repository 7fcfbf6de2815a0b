import type { Graph, GraphNode, Item, Step } from '@imaginarium/protocol';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { callerOf, closeTestApps, setUpOwner, testApp } from '../testing/test-app.ts';
import { sayGraph } from '../testing/test-nodes.ts';

afterEach(closeTestApps);

const item = (value: string): Item => ({ id: `${value}.text.0`, value, fields: {}, from: [] });
const file = { id: 'b'.repeat(64), kind: 'image' as const, mime: 'image/png', bytes: 1, name: 'gone.png' };

function aSay(id: string, text: string, rest: Partial<GraphNode> = {}): GraphNode {
  return { id, type: 'test.say', version: 1, name: id, params: { text }, position: { x: 0, y: 0 }, ...rest };
}

/** a, b that reads a, and c that reads b: each costs 3 credits. */
function aChain(rest: Partial<Record<'a' | 'b' | 'c', Partial<GraphNode>>> = {}): Graph {
  const read = (name: string) => `{{ nodes["${name}"].items[0].value }}`;
  const nodes = [aSay('a', 'hello', rest.a), aSay('b', read('a'), rest.b), aSay('c', read('b'), rest.c)];
  return { ...sayGraph(), nodes, inputs: [{ key: 'greeting', to: [{ node: 'a', param: 'text' }] }] };
}

describe.each(scratchKinds(inject('postgresUrl')))('on $name, a run', (kind) => {
  async function world(graph: Graph = aChain()) {
    const app = await testApp({}, kind);
    const { call } = await setUpOwner(app);
    const { id } = (await call('createWorkflow', { body: { name: 'Chain', graph } })).body as { id: string };
    const start = (body: object) => call('startRun', { params: { id }, body });
    const quote = (body: object) => call('quoteRun', { params: { id }, body });
    const repeat = (run: string, body: object) => call('repeatRun', { params: { id: run }, body });
    const stepsOf = async (run: string) => {
      const steps: Step[] = (await call('getRun', { params: { id: run } })).body.steps;
      return steps.map(({ node, state, reason }) => `${node} ${state}: ${reason}`);
    };
    /** Does what a worker does: the steps named succeed, and the next one fails. */
    const end = async (run: string, done: readonly string[], failed?: string) => {
      const lease = await app.runStore.claim(run, 'test', 60_000);
      if (!lease) throw new Error('The run is not queued.');
      const at = new Date().toISOString();
      const blank = {
        iteration: '',
        type: 'test.say',
        attempts: 1,
        startedAt: at,
        finishedAt: at,
        itemsIn: 0,
        itemsFailed: 0,
      };
      const step = (node: string, state: Step['state']): Step => ({
        ...{ ...blank, node, name: node, state, credits: state === 'failed' ? 0 : 3, reason: null, error: null },
        outputs: state === 'failed' ? {} : { text: [item(node)] },
      });
      const steps = [
        ...done.map((node) => step(node, 'succeeded')),
        ...(failed === undefined ? [] : [step(failed, 'failed')]),
      ];
      const outcome = { creditsSpent: 3 * done.length, cover: null };
      await app.runStore.settle(
        lease,
        failed === undefined
          ? { ...outcome, state: 'succeeded', error: null }
          : { ...outcome, state: 'failed', error: { code: 'step-failed', message: 'It broke.', node: failed } },
        { steps, events: [] },
      );
    };
    return { ...app, call, id, start, quote, repeat, stepsOf, end };
  }
  const LEFT = 'skipped: Not needed for the part of the workflow that was run.';
  const TAKEN = 'cached: Taken over from an earlier run.';

  test('up to a node leaves out the rest, its price, and what is wrong with it', async () => {
    const { start, quote, stepsOf } = await world(aChain({ c: { params: {} } }));
    expect((await start({})).status).toBe(422);
    const priced = await quote({ until: 'b' });
    expect([priced.status, priced.body.total]).toEqual([200, 6]);
    const run = await start({ until: 'b' });
    expect([run.status, run.body.creditsQuoted]).toEqual([202, 6]);
    expect(await stepsOf(run.body.id)).toEqual([`c ${LEFT}`]);
    const unknown = await start({ until: 'nobody' });
    expect([unknown.status, unknown.body.error.message]).toEqual([
      400,
      'body.until: expected the id of a node of this workflow that stands in for no other, received "nobody"',
    ]);
  });

  test('from a node takes over what an earlier run made before it', async () => {
    const { start, quote, end, stepsOf, call } = await world();
    const first = (await start({})).body.id;
    const from = { runId: first, node: 'c' };
    const early = await start({ from });
    expect((await quote({ from })).body.error).toMatchObject({
      code: 'bad-request',
      message: early.body.error.message,
    });
    expect([early.status, early.body.error.message]).toEqual([
      400,
      'body.from.runId: expected a run in which b has finished, received one in which it has not. Run the workflow up to there first.',
    ]);
    await end(first, ['a', 'b', 'c']);
    expect((await quote({ from })).body.total).toBe(3);
    const run = (await start({ from })).body;
    expect(run.creditsQuoted).toBe(3);
    expect(await stepsOf(run.id)).toEqual([`a ${TAKEN}`, `b ${TAKEN}`]);
    const [taken] = (await call('getRun', { params: { id: run.id } })).body.steps;
    expect([taken.credits, taken.outputs]).toEqual([0, { text: [item('a')] }]);
    expect((await start({ from: { runId: first, node: 'b' }, until: 'a' })).status).toBe(400);
  });

  test('from a node takes nothing over from another workflow', async () => {
    const { start, quote, call } = await world();
    const other = (await call('createWorkflow', { body: { name: 'Other', graph: aChain() } })).body.id;
    const foreign = (await call('startRun', { params: { id: other }, body: {} })).body.id;
    expect((await start({ from: { runId: foreign, node: 'b' } })).status).toBe(404);
    expect((await quote({ from: { runId: foreign, node: 'b' } })).status).toBe(404);
  });

  test('that failed goes on at the failed step: what succeeded is taken over and costs nothing', async () => {
    const { start, end, repeat, stepsOf } = await world();
    const first = (await start({})).body.id;
    expect((await repeat(first, { from: 'failed' })).body.error.message).toContain('for one that is queued');
    await end(first, ['a'], 'b');
    const run = await repeat(first, { from: 'failed' });
    expect([run.status, run.body.creditsQuoted]).toEqual([202, 6]);
    expect(await stepsOf(run.body.id)).toEqual([`a ${TAKEN}`]);
    expect((await repeat(first, { from: 'failed', inputs: { greeting: 'hi' } })).status).toBe(400);
    await end(run.body.id, ['b', 'c']);
    expect((await repeat(run.body.id, { from: 'failed' })).status).toBe(400);
  });

  test('of a part is repeated as that part, and with other inputs where they are given', async () => {
    const { start, end, repeat, stepsOf } = await world();
    const first = (await start({ until: 'b' })).body.id;
    await end(first, ['a'], 'b');
    const again = (await repeat(first, { inputs: { greeting: 'hi' } })).body;
    expect([again.inputs, again.creditsQuoted, await stepsOf(again.id)]).toEqual([
      { greeting: 'hi' },
      6,
      [`c ${LEFT}`],
    ]);
    const on = (await repeat(first, { from: 'failed' })).body;
    expect([on.creditsQuoted, await stepsOf(on.id)]).toEqual([3, [`a ${TAKEN}`, `c ${LEFT}`]]);
    expect((await repeat(first, { inputs: { nobody: 1 } })).body.error.code).toBe('input-invalid');
  });

  test('of the draft in the editor uses pinned items; one of a version or by a key executes', async () => {
    const { start, stepsOf, call, id, app } = await world(aChain({ b: { pinned: { text: [item('kept')] } } }));
    const run = (await start({})).body;
    expect([run.creditsQuoted, await stepsOf(run.id)]).toEqual([6, ['b cached: Its items are pinned.']]);
    const until = (await start({ until: 'c' })).body;
    expect([until.creditsQuoted, await stepsOf(until.id)]).toEqual([
      3,
      [`a ${LEFT}`, 'b cached: Its items are pinned.'],
    ]);
    await call('createVersion', { params: { id }, body: { label: 'One' } });
    expect((await start({ version: 1 })).body.creditsQuoted).toBe(9);
    const { key } = (await call('createApiKey', { body: { name: 'Key' } })).body;
    const byKey = callerOf(app, { authorization: `Bearer ${key}` });
    expect((await byKey('startRun', { params: { id }, body: {} })).body.creditsQuoted).toBe(9);
  });

  test('with pinned files needs them to be there', async () => {
    const pinned = { text: [{ id: 'x', file, fields: {}, from: [] }] };
    const { start } = await world(aChain({ a: { pinned } }));
    expect((await start({})).body.error).toMatchObject({ code: 'file-missing', details: { files: [{ id: file.id }] } });
  });
});
