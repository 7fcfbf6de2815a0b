import { randomUUID } from 'node:crypto';
import { IdempotencyMismatchError, LeaseLostError, type RunStore } from '../ports/run-store.ts';
import { expectEqual, expectRejection, type PortCheck } from './check.ts';
import { aGraphOf, aNewRun, aStep, LEASE_MS, succeeded } from './run-samples.ts';

/** What every run store keeps about taking runs on. */
export const acceptingChecks: PortCheck<RunStore>[] = [
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
];
