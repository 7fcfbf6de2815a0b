import { randomUUID } from 'node:crypto';
import type { Step } from '@imaginarium/protocol';
import { type Lease, LeaseLostError, type RunStore } from '../ports/run-store.ts';
import { expectEqual, expectRejection, type PortCheck } from './check.ts';
import { aGraphOf, aLog, aNewRun, aStep, claimed, LEASE_MS, succeeded } from './run-samples.ts';

/** What every run store keeps of the progress and the end of a run. */
export const progressChecks: PortCheck<RunStore>[] = [
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
];

function byNode(steps: Step[] | undefined): Step[] | undefined {
  return steps?.toSorted((a, b) => a.node.localeCompare(b.node));
}
