import { InsufficientCreditsError } from '@imaginarium/engine';
import type { Step } from '@imaginarium/protocol';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { closeTestApps } from '../testing/test-app.ts';
import { sayGraph } from '../testing/test-nodes.ts';
import { runWorld } from './testing/run-world.ts';

afterEach(closeTestApps);

/** A server whose workspaces start with so many credits, and can run out of them. */
function metered(startGrant: number) {
  return { credits: { mode: 'metered' as const, startGrant } };
}

describe.each(scratchKinds(inject('postgresUrl')))('on $name', (kind) => {
  const world = (changes = {}) => runWorld(kind, changes);

  describe('a run', () => {
    test('is accepted with its price, stored before it is offered, and found again', async () => {
      const offered: string[] = [];
      const app = await world({
        queue: {
          offer: async ({ runId }: { runId: string }) => {
            expect(await app.runStore.load(runId)).toBeDefined();
            offered.push(runId);
          },
        },
      });
      const { id } = await app.workflow();
      const response = await app.start(id, { inputs: { greeting: 'hi' }, priority: 4 });
      expect(response.status).toBe(202);
      expect(response.body).toMatchObject({
        workflowId: id,
        workflowName: 'Greeting',
        version: null,
        state: 'queued',
        trigger: 'editor',
        priority: 9,
        inputs: { greeting: 'hi' },
        creditsQuoted: 3,
      });
      expect(response.headers.location).toBe(`/api/v1/runs/${response.body.id}`);
      expect(offered).toEqual([response.body.id]);
      const detail = await app.call('getRun', { params: { id: response.body.id } });
      expect(detail.body.graph).toEqual(sayGraph());
      expect((await app.call('listRuns')).body.runs).toHaveLength(1);
      expect((await app.call('listRuns', { query: { cursor: 'forged' } })).body.error.code).toBe('bad-request');
    });

    test('is looked at again by what was written since', async () => {
      const { call, workflow, start, runStore } = await world();
      const { id } = (await start((await workflow()).id)).body;
      const lease = await runStore.claim(id, 'worker', 60_000);
      if (!lease) throw new Error('not claimed');
      const [node] = sayGraph().nodes;
      const step = (changes: Partial<Step>): Step => ({
        ...{ node: node?.id ?? '', iteration: '', name: 'Say', type: 'test.say', state: 'running', attempts: 1 },
        ...{ startedAt: null, finishedAt: null, itemsIn: 0, itemsFailed: 0, outputs: {}, credits: 0 },
        ...{ error: null, reason: null, ...changes },
      });
      await runStore.checkpoint(lease, { steps: [step({})], events: [] });
      const { graph: _graph, ...first } = (await call('getRun', { params: { id } })).body;
      const changes = async (after: number) => (await call('getRunChanges', { params: { id }, query: { after } })).body;
      expect(await changes(0)).toEqual(first);
      expect(await changes(first.cursor)).toEqual({ ...first, steps: [] });
      await runStore.checkpoint(lease, {
        steps: [step({ state: 'succeeded' }), step({ node: 'inner', iteration: 'each#0' })],
        events: [],
      });
      const next = await changes(first.cursor);
      expect([next.steps, next.inside]).toEqual([
        [step({ state: 'succeeded' })],
        [{ node: 'inner', states: { running: 1 }, credits: 0 }],
      ]);
      expect((await changes(next.cursor)).steps).toEqual([]);
    });

    test('of a version runs what that version holds', async () => {
      const { call, workflow, start } = await world();
      const { id } = await workflow(sayGraph('first'));
      expect((await call('createVersion', { params: { id }, body: { label: 'One' } })).body).toMatchObject({
        version: 1,
        label: 'One',
        createdBy: 'Ada',
      });
      await call('saveDraft', { params: { id }, body: { graph: sayGraph('second'), revision: 1 } });
      const run = (await start(id, { version: 1 })).body;
      const detail = await call('getRun', { params: { id: run.id } });
      expect([run.version, detail.body.graph.nodes[0].params.text]).toEqual([1, 'first']);
      expect((await start(id, { version: 2 })).status).toBe(404);
    });

    test('is refused with everything that is wrong with its graph, or with its inputs', async () => {
      const { workflow, start } = await world();
      const unfinished = sayGraph('');
      unfinished.nodes.push({ ...unfinished.nodes[0], id: 'other', params: { text: '', times: 99 } } as never);
      const graph = await start((await workflow(unfinished)).id);
      expect([graph.status, graph.body.error.code]).toEqual([422, 'graph-invalid']);
      expect(
        graph.body.error.details.problems.map(({ code, node }: { code: string; node: string }) => [code, node]),
      ).toEqual([
        ['missing-param', 'say'],
        ['missing-param', 'other'],
        ['wrong-param', 'other'],
      ]);
      const { id } = await workflow(sayGraph(''));
      const empty = await start(id);
      expect([empty.status, empty.body.error.code]).toEqual([422, 'input-invalid']);
      const unknown = await start(id, { inputs: { nobody: 1 } });
      expect([unknown.body.error.code, unknown.body.error.message]).toEqual([
        'input-invalid',
        'inputs: expected greeting, received "nobody"',
      ]);
      expect((await start(id, { inputs: { greeting: 7 } })).body.error.code).toBe('input-invalid');
      expect((await start(id, { inputs: { greeting: 'fine' } })).status).toBe(202);
    });

    test('is refused when it names a file that is not there, however deep', async () => {
      const { workflow, start } = await world();
      const graph = sayGraph();
      const photo = { id: 'b'.repeat(64), kind: 'image', mime: 'image/png', bytes: 1, name: 'gone.png' };
      graph.nodes.push({
        id: 'show',
        type: 'test.show',
        version: 1,
        name: 'Show',
        params: { photo },
        position: { x: 0, y: 0 },
      } as never);
      const response = await start((await workflow(graph)).id);
      expect([response.status, response.body.error.code, response.body.error.details.files]).toEqual([
        422,
        'file-missing',
        [{ id: photo.id, name: 'gone.png' }],
      ]);
    });

    test('asked for twice under one key is one run, and another request under it is refused', async () => {
      const offered: string[] = [];
      const { workflow, start, available } = await world({
        config: metered(10),
        queue: { offer: async ({ runId }: { runId: string }) => void offered.push(runId) },
      });
      const { id } = await workflow();
      const key = { 'idempotency-key': 'order-17' };
      const twins = await Promise.all([start(id, {}, key), start(id, {}, key)]);
      expect(twins.map(({ status }) => status)).toEqual([202, 202]);
      expect(twins[0]?.body.id).toBe(twins[1]?.body.id);
      const other = await start(id, { inputs: { greeting: 'other' } }, key);
      expect([other.status, other.body.error.code]).toEqual([409, 'idempotency-mismatch']);
      expect((await start(id, {}, { 'idempotency-key': 'x'.repeat(256) })).status).toBe(400);
      expect([offered.length, await available()]).toEqual([1, 7]);
    });

    test('asked for again is answered with the first one, also when the workflow cannot run any more', async () => {
      const { call, workflow, start } = await world();
      const { id } = await workflow();
      const key = { 'idempotency-key': 'order-18' };
      const first = await start(id, {}, key);
      const graph = { ...sayGraph(), nodes: [], edges: [], inputs: [] };
      expect((await call('saveDraft', { params: { id }, body: { graph, revision: 1 } })).status).toBe(200);
      expect((await start(id)).status).toBe(422);
      const again = await start(id, {}, key);
      expect([again.status, again.body.id]).toEqual([202, first.body.id]);
    });

    test('that cannot be paid is not stored, and says what is missing', async () => {
      const { call, workflow, start } = await world({ config: metered(2) });
      const { id } = await workflow();
      const response = await start(id);
      expect([response.status, response.body.error.code, response.body.error.details]).toEqual([
        402,
        'insufficient-credits',
        { missing: 1 },
      ]);
      expect(response.body.error.message).toBe(new InsufficientCreditsError(3, 2).message);
      expect((await call('listRuns')).body.runs).toEqual([]);
    });

    test('that waits can be cancelled once: its credits come back and its watchers hear of it', async () => {
      const { call, workflow, start, eventBus, available } = await world({ config: metered(10) });
      const heard: string[] = [];
      eventBus.subscribe((events) => heard.push(...events.map(({ type }) => type)));
      const { id } = (await start((await workflow()).id)).body;
      expect(await available()).toBe(7);
      expect((await call('cancelRun', { params: { id } })).body.state).toBe('cancelled');
      expect([await available(), heard]).toEqual([10, ['run.finished']]);
      const again = await call('cancelRun', { params: { id } });
      expect([again.status, again.body.error.code]).toEqual([409, 'run-not-active']);
      const { events } = (await call('listRunEvents', { params: { id } })).body;
      expect(events.map(({ seq, type }: { seq: number; type: string }) => [seq, type])).toEqual([[1, 'run.finished']]);
      expect((await call('listRunEvents', { params: { id }, query: { after: 1 } })).body.events).toEqual([]);
    });

    test('is repeated with the graph and inputs it had, whatever the workflow is now', async () => {
      const { call, workflow, start } = await world();
      const { id } = await workflow(sayGraph('then'));
      const first = (await start(id, { inputs: { greeting: 'hi' }, priority: 3 })).body;
      await call('saveDraft', { params: { id }, body: { graph: sayGraph('now'), revision: 1 } });
      const again = await call('repeatRun', { params: { id: first.id }, body: {} });
      expect(again.status).toBe(202);
      expect(again.body).toMatchObject({ inputs: { greeting: 'hi' }, priority: 8, version: null });
      expect(again.body.id).not.toBe(first.id);
      const detail = await call('getRun', { params: { id: again.body.id } });
      expect(detail.body.graph.nodes[0].params.text).toBe('then');
    });
  });

  describe('a quote', () => {
    test('is told while the form is still empty, but not for a graph that makes no sense', async () => {
      const { call, workflow } = await world();
      const { id } = await workflow(sayGraph(''));
      const quote = await call('quoteRun', { params: { id }, body: {} });
      expect([quote.status, quote.body.total, quote.body.nodes[0].credits]).toEqual([200, 3, 3]);
      const unknown = sayGraph();
      unknown.nodes[0] = { ...unknown.nodes[0], type: 'acme.missing' } as never;
      const other = await call('quoteRun', { params: { id: (await workflow(unknown)).id }, body: {} });
      expect([other.status, other.body.error.details.problems[0].code]).toEqual([422, 'unknown-node-type']);
    });
  });
});
