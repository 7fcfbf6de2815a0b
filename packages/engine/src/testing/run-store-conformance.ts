import { randomUUID } from 'node:crypto';
import { emptyGraph, type Graph, type RunEvent, type Step } from '@imaginarium/protocol';
import {
  IdempotencyMismatchError,
  type Lease,
  LeaseLostError,
  type NewRun,
  type RunStore,
} from '../ports/run-store.ts';
import { expectEqual, expectRejection, type PortCheck } from './check.ts';

const LEASE_MS = 60_000;

/** A run as {@link RunStore.accept} takes it. Stores with foreign keys replace the ids of workspace, workflow and person by real ones. */
export function aNewRun(changes: Partial<NewRun> = {}): NewRun {
  return {
    id: randomUUID(),
    workspaceId: '00000000-0000-4000-8000-000000000001',
    workflowId: '00000000-0000-4000-8000-000000000002',
    workflowName: 'Photo to carousel',
    version: null,
    graph: emptyGraph(),
    inputs: { title: 'Hello' },
    trigger: 'api',
    priority: 5,
    creditsQuoted: 25,
    createdBy: '00000000-0000-4000-8000-000000000003',
    ...changes,
  };
}

/** Another workspace than that of {@link aNewRun}, and its workflow. */
export const OTHER_PLACE = {
  workspaceId: '00000000-0000-4000-8000-000000000004',
  workflowId: '00000000-0000-4000-8000-000000000005',
};

function aStep(node: string, changes: Partial<Step> = {}): Step {
  return {
    ...{ node, iteration: '', name: node, type: 'test.node', state: 'succeeded', attempts: 1 },
    ...{ startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:01.000Z', itemsIn: 1, itemsFailed: 0 },
    outputs: { text: [{ id: `${node}.text.0`, value: 'hi', fields: { row: 1 }, from: [] }] },
    ...{ credits: 3, error: null, reason: null },
    ...changes,
  };
}

function aGraphOf(nodes: readonly string[]): Graph {
  const node = (id: string) => ({ id, type: 'test.node', version: 1, name: id, params: {}, position: { x: 0, y: 0 } });
  return { ...emptyGraph(), nodes: nodes.map(node) };
}

/** An event of a run. */
export function aLog(runId: string, seq: number): RunEvent {
  return {
    type: 'log',
    runId,
    seq,
    at: '2026-01-01T00:00:00.000Z',
    node: null,
    level: 'info',
    message: `event ${seq}`,
  };
}

const succeeded = { state: 'succeeded', creditsSpent: 3, error: null, cover: null } as const;

/** What every run store keeps. `make` gives a store in which the ids of {@link aNewRun} and {@link OTHER_PLACE} exist. */
export const runStoreConformance: PortCheck<RunStore>[] = [
  {
    name: 'keeps the steps that are settled before a run begins',
    async run(make) {
      const store = await make();
      const settled = [
        aStep('taken', { state: 'cached', startedAt: null, credits: 0 }),
        aStep('left', { state: 'skipped' }),
      ];
      const graph = aGraphOf(['taken', 'left']);
      const asked = aNewRun({ settled, graph });
      await store.accept(asked);
      expectEqual((await store.load(asked.id))?.steps, settled, 'the steps read back');
    },
  },
  {
    name: 'keeps an accepted run as queued, with all that was asked',
    async run(make) {
      const store = await make();
      const asked = aNewRun();
      const { run, created } = await store.accept(asked);
      expectEqual([created, run.state, run.inputs, run.lastSeq], [true, 'queued', asked.inputs, 0], 'the run');
      const record = await store.load(asked.id);
      expectEqual(record?.run, run, 'the run read back');
      expectEqual(
        [record?.graph, record?.steps, record?.workspaceId],
        [asked.graph, [], asked.workspaceId],
        'the record',
      );
    },
  },
  {
    name: 'answers a repeat of the same idempotency key with the first run, and refuses another request',
    async run(make) {
      const store = await make();
      const key = (requestHash: string) => aNewRun({ idempotency: { key: 'order-1', requestHash } });
      const first = await store.accept(key('a'));
      const second = await store.accept(key('a'));
      expectEqual([second.created, second.run.id], [false, first.run.id], 'the repeat');
      await expectRejection(store.accept(key('b')), IdempotencyMismatchError, 'another request');
    },
  },
  {
    name: 'accepts one run when twins with the same idempotency key arrive together',
    async run(make) {
      const store = await make();
      const twins = Array.from({ length: 5 }, () => aNewRun({ idempotency: { key: 'twin', requestHash: 'a' } }));
      const answers = await Promise.all(twins.map((twin) => store.accept(twin)));
      expectEqual(new Set(answers.map(({ run }) => run.id)).size, 1, 'runs');
      expectEqual(answers.filter(({ created }) => created).length, 1, 'runs made');
    },
  },
  {
    name: 'accepts a run for a worker, which has it until its lease lapses like any other',
    async run(make) {
      const store = await make();
      const start = { worker: 'a', leaseMs: 1 };
      const asked = aNewRun({ settled: [aStep('left', { state: 'skipped' })], graph: aGraphOf(['left']) });
      const { run, created, lease } = await store.accept(asked, start);
      expectEqual([run.state, created, run.startedAt === null], ['running', true, false], 'the run');
      if (!lease) throw new Error('it was accepted without a lease');
      expectEqual((await store.load(run.id))?.run, run, 'the run read back');
      expectEqual((await store.load(run.id))?.steps, asked.settled, 'its steps');
      await new Promise((resolve) => setTimeout(resolve, 20));
      expectEqual(
        [await store.listQueued(10), await store.claim(run.id, 'b', LEASE_MS)],
        [[{ runId: run.id, workspaceId: asked.workspaceId, priority: run.priority, again: true }], undefined],
        'what others find',
      );
      const next = await store.takeOver(run.id, 'b', LEASE_MS);
      if (!next) throw new Error('the lapsed lease could not be taken over');
      expectEqual((await store.load(run.id))?.takeovers, 1, 'taken from workers that died');
      await expectRejection(
        store.settle(lease, succeeded, { steps: [], events: [] }),
        LeaseLostError,
        'the worker that it was accepted for',
      );
    },
  },
  {
    name: 'queues a run that is put off, also when it is accepted for a worker',
    async run(make) {
      const store = await make();
      const asked = aNewRun({ notBefore: '2999-01-01T00:00:00.000Z' });
      const { run, lease } = await store.accept(asked, { worker: 'a', leaseMs: LEASE_MS });
      expectEqual([run.state, run.startedAt, lease], ['queued', null, undefined], 'the run');
    },
  },
  {
    name: 'finds what an earlier request with the same key started',
    async run(make) {
      const store = await make();
      const idempotency = { key: 'order-2', requestHash: 'a' };
      const { workspaceId } = aNewRun();
      expectEqual(await store.findRepeated(workspaceId, idempotency), undefined, 'before');
      const { run } = await store.accept(aNewRun({ idempotency }));
      expectEqual((await store.findRepeated(workspaceId, idempotency))?.id, run.id, 'after');
      expectEqual(await store.findRepeated(randomUUID(), idempotency), undefined, 'another workspace');
      await expectRejection(
        store.findRepeated(workspaceId, { ...idempotency, requestHash: 'b' }),
        IdempotencyMismatchError,
        'another request',
      );
    },
  },
  {
    name: 'gives a queued run to one worker only',
    async run(make) {
      const store = await make();
      const { run } = await store.accept(aNewRun());
      const leases = await Promise.all(['a', 'b', 'c'].map((worker) => store.claim(run.id, worker, LEASE_MS)));
      expectEqual(leases.filter((lease) => lease !== undefined).length, 1, 'leases');
      expectEqual((await store.load(run.id))?.run.state, 'running', 'the state');
    },
  },
  {
    name: 'stores steps and events of checkpoints, and gives events after a number',
    async run(make) {
      const store = await make();
      const { run } = await store.accept(aNewRun());
      const lease = await claimed(store, run.id);
      await store.checkpoint(lease, {
        steps: [aStep('a', { state: 'running' })],
        events: [aLog(run.id, 1), aLog(run.id, 2)],
      });
      await store.checkpoint(lease, { steps: [aStep('a'), aStep('b')], events: [aLog(run.id, 3)] });
      await store.checkpoint(lease, { steps: [], events: [] });
      const record = await store.load(run.id);
      expectEqual(byNode(record?.steps), byNode([aStep('a'), aStep('b')]), 'steps');
      expectEqual(record?.run.lastSeq, 3, 'the last number');
      expectEqual(await store.events(run.id, 1), [aLog(run.id, 2), aLog(run.id, 3)], 'events after 1');
      expectEqual((await store.events(run.id, 3)).length, 0, 'events after the last');
      const news = await store.news(run.id, 1);
      expectEqual(news.events, [aLog(run.id, 2), aLog(run.id, 3)], 'events of the news after 1');
      expectEqual(byNode(news.steps), byNode([aStep('a'), aStep('b')]), 'steps of the news after 1');
      expectEqual((await store.news(run.id, 3)).events.length, 0, 'events of the news after the last');
    },
  },
  {
    name: 'keeps one step of a node in each iteration of its loop, in their order',
    async run(make) {
      const store = await make();
      const { run } = await store.accept(aNewRun({ graph: aGraphOf(['each', 'a']) }));
      const lease = (await store.claim(run.id, 'one', LEASE_MS)) as Lease;
      const of = (iteration: string, changes: Partial<Step> = {}) => aStep('a', { iteration, ...changes });
      const first = [of('each#10'), of('each#2', { state: 'running' }), aStep('each'), of('each#0/in#1')];
      await store.checkpoint(lease, { steps: first, events: [] });
      await store.checkpoint(lease, { steps: [of('each#2', { credits: 7 })], events: [] });
      expectEqual(
        (await store.load(run.id))?.steps,
        [aStep('each'), of('each#0/in#1'), of('each#2', { credits: 7 }), of('each#10')],
        'steps',
      );
    },
  },
  {
    name: 'ends a run once, and lets nobody write to it after',
    async run(make) {
      const store = await make();
      const { run } = await store.accept(aNewRun());
      const lease = await claimed(store, run.id);
      await store.settle(lease, succeeded, { steps: [aStep('a')], events: [aLog(run.id, 1)] });
      const ended = (await store.load(run.id))?.run;
      expectEqual([ended?.state, ended?.creditsSpent, ended?.lastSeq], ['succeeded', 3, 1], 'the end');
      if (!ended?.finishedAt) throw new Error('finishedAt is missing');
      const late = { steps: [], events: [aLog(run.id, 2)] };
      await expectRejection(store.checkpoint(lease, late), LeaseLostError, 'a checkpoint after the end');
      await expectRejection(
        store.settle(lease, { ...succeeded, state: 'failed' }, late),
        LeaseLostError,
        'a second end',
      );
      expectEqual(await store.claim(run.id, 'b', LEASE_MS), undefined, 'a claim after the end');
    },
  },
  {
    name: 'turns away the worker whose lease lapsed and was taken over',
    async run(make) {
      const store = await make();
      const { run } = await store.accept(aNewRun());
      const stale = await claimed(store, run.id, 1);
      expectEqual(
        await store.takeOver((await store.accept(aNewRun())).run.id, 'b', LEASE_MS),
        undefined,
        'a queued run',
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
      const { workspaceId } = aNewRun();
      expectEqual(
        await store.listAbandoned(10),
        [{ runId: run.id, workspaceId, priority: run.priority, again: true }],
        'abandoned runs',
      );
      const fresh = await store.takeOver(run.id, 'b', LEASE_MS);
      if (!fresh) throw new Error('the lapsed lease could not be taken over');
      expectEqual(await store.takeOver(run.id, 'c', LEASE_MS), undefined, 'a second taker');
      expectEqual(await store.renew(stale, LEASE_MS), false, 'renewing the lost lease');
      await expectRejection(
        store.checkpoint(stale, { steps: [], events: [aLog(run.id, 1)] }),
        LeaseLostError,
        'the old worker',
      );
      await store.settle(fresh, succeeded, { steps: [], events: [aLog(run.id, 1)] });
    },
  },
  {
    name: 'gives a run that was let go to the next worker at once, and counts only those taken from workers that died',
    async run(make) {
      const store = await make();
      const { run } = await store.accept(aNewRun());
      const first = await claimed(store, run.id);
      expectEqual(await store.takeOver(run.id, 'b', LEASE_MS), undefined, 'a run that is held');
      await store.release(first);
      expectEqual(await store.renew(first, 1), true, 'until it is taken, the lease is its own');
      await store.release(first);
      const second = await store.takeOver(run.id, 'b', 1);
      if (!second) throw new Error('the run that was let go could not be taken');
      await store.release(first);
      expectEqual((await store.load(run.id))?.takeovers, 0, 'taken from workers that died');
      await new Promise((resolve) => setTimeout(resolve, 20));
      const third = await store.takeOver(run.id, 'c', LEASE_MS);
      if (!third) throw new Error('the lapsed lease could not be taken over');
      const record = await store.load(run.id);
      expectEqual([record?.takeovers, record?.run.state], [1, 'running'], 'after a worker died');
      await store.settle(third, succeeded, { steps: [], events: [aLog(run.id, 1)] });
      await store.release(third);
      expectEqual((await store.load(run.id))?.run.state, 'succeeded', 'a run that has ended');
    },
  },
  {
    name: 'forgives the workers that died once a run has finished one more step',
    async run(make) {
      const store = await make();
      const { run } = await store.accept(aNewRun({ graph: aGraphOf(['a']) }));
      await claimed(store, run.id, 1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const lease = await store.takeOver(run.id, 'b', LEASE_MS);
      if (!lease) throw new Error('the lapsed lease could not be taken over');
      const takeovers = async () => (await store.load(run.id))?.takeovers;
      await store.checkpoint(lease, { steps: [aStep('a', { state: 'running', finishedAt: null })], events: [] });
      expectEqual(await takeovers(), 1, 'while the step is at work');
      await store.checkpoint(lease, { steps: [aStep('a')], events: [] });
      expectEqual(await takeovers(), 0, 'once it has finished');
    },
  },
  {
    name: 'keeps the calls of a step at work, in their order, and counts those that are done as progress',
    async run(make) {
      const store = await make();
      const { run } = await store.accept(aNewRun({ graph: aGraphOf(['a']) }));
      await claimed(store, run.id, 1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const lease = await store.takeOver(run.id, 'b', LEASE_MS);
      if (!lease) throw new Error('the lapsed lease could not be taken over');
      const read = async () => {
        const record = await store.load(run.id);
        return [record?.parts, record?.takeovers, record?.run.lastSeq];
      };
      const [first, second] = [
        { node: 'a', iteration: '', call: 0 },
        { node: 'a', iteration: 'each#1', call: 1 },
      ];
      const begun = { ...first, state: 'begun' as const };
      const result = { outputs: { text: [{ value: 'hi' }] } };
      const done = { ...second, state: 'done' as const, result, became: 'succeeded' as const };
      await store.checkpoint(lease, { steps: [], events: [aLog(run.id, 1)] });
      expectEqual(await read(), [undefined, 1, 1], 'before');
      await store.checkpoint(lease, { steps: [], events: [], parts: [begun] });
      expectEqual(await read(), [[begun], 1, 1], 'with one begun');
      await store.checkpoint(lease, { steps: [], events: [], parts: [done] });
      expectEqual(await read(), [[begun, done], 0, 1], 'with one done');
    },
  },
  {
    name: 'renews a lease that is held',
    async run(make) {
      const store = await make();
      const { run } = await store.accept(aNewRun());
      const lease = await claimed(store, run.id, 1);
      expectEqual(await store.renew(lease, LEASE_MS), true, 'renewing');
      expectEqual(await store.listAbandoned(10), [], 'abandoned runs');
    },
  },
  {
    name: 'cancels a queued run at once and asks the worker of a running one',
    async run(make) {
      const store = await make();
      const queued = (await store.accept(aNewRun())).run;
      expectEqual((await store.requestCancel(queued.id))?.state, 'cancelled', 'the queued run');
      expectEqual(
        (await store.events(queued.id, 0)).map((event) => event.type),
        ['run.finished'],
        'its events',
      );
      const running = (await store.accept(aNewRun())).run;
      await claimed(store, running.id);
      expectEqual(await store.isCancelRequested(running.id), false, 'before');
      expectEqual((await store.requestCancel(running.id))?.state, 'running', 'the running run');
      expectEqual(await store.isCancelRequested(running.id), true, 'after');
      expectEqual(await store.requestCancel(randomUUID()), undefined, 'an unknown run');
    },
  },
  {
    name: 'lists a run whose worker died before the queued ones that are no more urgent',
    async run(make) {
      const store = await make();
      const accept = async (priority: number) => (await store.accept(aNewRun({ priority }))).run.id;
      const [older, abandoned, urgent] = [await accept(5), await accept(5), await accept(9)];
      await claimed(store, abandoned, 1);
      await claimed(store, await accept(5));
      await new Promise((resolve) => setTimeout(resolve, 20));
      const listed = await store.listQueued(10);
      expectEqual(
        listed.map(({ runId }) => runId),
        [urgent, abandoned, older],
        'runs that want a worker',
      );
      expectEqual((await store.listQueued(1)).length, 1, 'the limit');
    },
  },
  {
    name: 'lists queued runs by priority, then by age',
    async run(make) {
      const store = await make();
      const ids: string[] = [];
      for (const priority of [5, 10, 5, 1]) {
        ids.push((await store.accept(aNewRun({ priority }))).run.id);
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
      const order = [1, 0, 2, 3].map((index) => ids[index]);
      expectEqual(
        (await store.listQueued(10)).map((entry) => entry.runId),
        order,
        'the order',
      );
      expectEqual((await store.listQueued(2)).length, 2, 'the limit');
    },
  },
  {
    name: 'gives each workspace its share of a list that is too short for all',
    async run(make) {
      const store = await make();
      const many: string[] = [];
      for (let count = 0; count < 10; count++) many.push((await store.accept(aNewRun())).run.id);
      const few = [(await store.accept(aNewRun(OTHER_PLACE))).run.id];
      few.push((await store.accept(aNewRun({ ...OTHER_PLACE, priority: 9 }))).run.id);
      const listed = await store.listQueued(4);
      expectEqual(
        listed.map(({ runId }) => runId),
        [few[1], many[0], many[1], few[0]],
        'the list',
      );
    },
  },
  {
    name: 'does not give a run before its time, and offers it once when it has come',
    async run(make) {
      const store = await make();
      const notBefore = new Date(Date.now() + 300).toISOString();
      const { run } = await store.accept(aNewRun({ notBefore }));
      const cancelled = (await store.accept(aNewRun({ notBefore }))).run;
      const past = (await store.accept(aNewRun({ notBefore: new Date(Date.now() - 1000).toISOString() }))).run;
      expectEqual([run.state, run.notBefore], ['queued', notBefore], 'the run');
      expectEqual(await store.claim(run.id, 'a', LEASE_MS), undefined, 'a claim before its time');
      expectEqual(
        (await store.listQueued(10)).map(({ runId }) => runId),
        [past.id],
        'runs whose time has come',
      );
      expectEqual(await store.listDue(10), [], 'what is due before its time');
      expectEqual((await store.requestCancel(cancelled.id))?.state, 'cancelled', 'a run that is cancelled');
      await new Promise((resolve) => setTimeout(resolve, 350));
      const due = [{ runId: run.id, workspaceId: aNewRun().workspaceId, priority: run.priority }];
      expectEqual(await store.listDue(10), due, 'what is due');
      expectEqual(await store.listDue(10), [], 'what is due, asked again');
      expectEqual((await store.listQueued(10)).length, 2, 'runs that want a worker');
      await claimed(store, run.id);
      expectEqual((await store.listQueued(10)).length, 1, 'runs that want a worker, after a claim');
    },
  },
  {
    name: 'leaves a run to a worker that has its node types',
    async run(make) {
      const store = await make();
      const graph = aGraphOf(['a']);
      const { run } = await store.accept(aNewRun({ graph }));
      const plain = (await store.accept(aNewRun())).run;
      const without = (types: readonly string[]) => !types.includes('test.node@1');
      expectEqual(await store.claim(run.id, 'without', LEASE_MS, without), undefined, 'a claim without the type');
      const ids = async (canExecute?: (types: readonly string[]) => boolean) =>
        (await store.listQueued(10, canExecute)).map(({ runId }) => runId);
      expectEqual(await ids(without), [plain.id], 'runs for a worker without the type');
      expectEqual(await ids(), [run.id, plain.id], 'runs for a worker that has all');
      if (!(await store.claim(run.id, 'with', 1, (types) => types.join() === 'test.node@1')))
        throw new Error('a worker with the node type could not claim the run');
      await new Promise((resolve) => setTimeout(resolve, 20));
      expectEqual(
        await store.takeOver(run.id, 'without', LEASE_MS, without),
        undefined,
        'taking over without the type',
      );
      expectEqual((await store.load(run.id))?.takeovers, 0, 'takeovers');
      expectEqual(await ids(without), [plain.id], 'runs for a worker without the type, after one died');
      if (!(await store.takeOver(run.id, 'with', LEASE_MS, () => true))) throw new Error('the run was not taken over');
    },
  },
];

async function claimed(store: RunStore, runId: string, leaseMs = LEASE_MS) {
  const lease = await store.claim(runId, 'a', leaseMs);
  if (!lease) throw new Error('the run could not be claimed');
  return lease;
}

function byNode(steps: Step[] | undefined): Step[] | undefined {
  return steps?.toSorted((a, b) => a.node.localeCompare(b.node));
}
