import { randomUUID } from 'node:crypto';
import type { Resumed } from '@imaginarium/node-sdk';
import type { Step, WaitAbout } from '@imaginarium/protocol';
import { LeaseLostError, type RunStore } from '../ports/run-store.ts';
import type { DoneCall, ParkedRun, ParkedStep, RunWait, RunWaits } from '../ports/run-waits.ts';
import { expectEqual, expectRejection, type PortCheck } from './check.ts';
import { aLog, aNewRun } from './run-samples.ts';

const LEASE_MS = 60_000;
const YES: Resumed = { timeIsUp: false, value: { decision: 'approved' } };
const PAST = '2026-01-01T00:00:00.000Z';
const FUTURE = '2126-01-01T00:00:00.000Z';

/** A run store with the side on which waits are answered. */
export interface StoreWithWaits {
  store: RunStore;
  waits: RunWaits;
}

function aWait(changes: Partial<RunWait> = {}): RunWait {
  const about: WaitAbout = { kind: 'callback' };
  return { id: randomUUID(), call: 0, about, since: PAST, dueAt: null, answer: null, before: null, ...changes };
}

function aParkedRun(waits: RunWait[], changes: Partial<ParkedStep> = {}): ParkedRun {
  const step: ParkedStep = { node: 'a', iteration: '', attempts: 1, done: [], waits, ...changes };
  return { resting: true, workedMs: 7, steps: [step] };
}

function waitingStep(changes: Partial<Step> = {}): Step {
  return {
    ...{
      node: 'a',
      iteration: '',
      name: 'a',
      type: 'test.node',
      state: 'waiting',
      attempts: 1,
      startedAt: PAST,
      finishedAt: null,
    },
    ...{ itemsIn: 1, itemsFailed: 0, outputs: {}, credits: 0, error: null, reason: null },
    ...changes,
  };
}

async function begun({ store }: StoreWithWaits) {
  const { run } = await store.accept(aNewRun());
  const lease = await store.claim(run.id, 'a', LEASE_MS);
  if (!lease) throw new Error('the run could not be claimed');
  return { runId: run.id, lease };
}

/** A run that rests. */
async function resting(world: StoreWithWaits, parked: ParkedRun, steps: Step[] = [waitingStep()]) {
  const { runId, lease } = await begun(world);
  const queued = await world.store.park(lease, { steps, events: [aLog(runId, 1)], parked });
  return { runId, lease, queued, stateOf: async () => (await world.store.load(runId))?.run.state };
}

/** What every run store keeps of runs that wait. `make` gives one in which {@link aNewRun}'s ids exist. */
export const runWaitsConformance: PortCheck<StoreWithWaits>[] = [
  {
    name: 'lets a run wait without a lease, and gives back all that it needs to go on',
    async run(make) {
      const world = await make();
      const done: DoneCall = { call: 0, result: { outputs: { item: [{ value: 'x' }] } }, became: 'succeeded' };
      const parked = aParkedRun([aWait({ call: 1 }), aWait({ call: 2, before: YES, dueAt: FUTURE })], { done: [done] });
      const { runId, lease, queued, stateOf } = await resting(world, parked);
      expectEqual([queued, await stateOf()], [false, 'waiting'], 'the run');
      expectEqual((await world.store.load(runId))?.parked, parked, 'what it waits for');
      const [first] = parked.steps[0]?.waits ?? [];
      expectEqual((await world.waits.find(first?.id ?? ''))?.wait, first, 'one wait');
      expectEqual(await world.store.renew(lease, LEASE_MS), false, 'renewing');
      await expectRejection(world.store.checkpoint(lease, { steps: [], events: [] }), LeaseLostError, 'writing');
      expectEqual(await world.store.claim(runId, 'b', LEASE_MS), undefined, 'claiming');
      expectEqual(
        [await world.store.listQueued(9), await world.store.listAbandoned(9)],
        [[], []],
        'what wants a worker',
      );
    },
  },
  {
    name: 'queues a run once its answer has come, and takes one answer only',
    async run(make) {
      const world = await make();
      const wait = aWait();
      const { runId, stateOf } = await resting(world, aParkedRun([wait]));
      const { workspaceId } = aNewRun();
      const queued = { runId, workspaceId, priority: 5, again: true };
      const answers = await Promise.all([1, 2, 3].map(() => world.waits.answer(wait.id, YES)));
      expectEqual(
        answers.filter(({ taken }) => taken),
        [{ taken: true, queued }],
        'answers',
      );
      expectEqual([await stateOf(), (await world.store.listQueued(9)).length], ['queued', 1], 'the run');
      expectEqual((await world.store.load(runId))?.parked?.steps[0]?.waits, [{ ...wait, answer: YES }], 'its waits');
      if (!(await world.store.claim(runId, 'b', LEASE_MS))) throw new Error('the run could not be claimed again');
      expectEqual(await world.waits.answer(randomUUID(), YES), { taken: false }, 'an answer to nothing');
    },
  },
  {
    name: 'goes on only when a step has all that it waits for',
    async run(make) {
      const world = await make();
      const waits = [aWait(), aWait({ call: 1 })] as const;
      const { stateOf } = await resting(world, aParkedRun([...waits]));
      expectEqual(await world.waits.answer(waits[0].id, YES), { taken: true, queued: null }, 'the first answer');
      expectEqual(await stateOf(), 'waiting', 'after one of two');
      await world.waits.answer(waits[1].id, YES);
      expectEqual(await stateOf(), 'queued', 'after both');
    },
  },
  {
    name: 'loses no answer that comes before or while the run is put to rest',
    async run(make) {
      const world = await make();
      for (let round = 0; round < 20; round++) {
        const { runId, lease } = await begun(world);
        const wait = aWait();
        const parked = aParkedRun([wait]);
        await world.store.checkpoint(lease, { steps: [], events: [], parked: { ...parked, resting: false } });
        const [queued, answer] = await Promise.all([
          world.store.park(lease, { steps: [waitingStep()], events: [], parked }),
          world.waits.answer(wait.id, YES),
        ]);
        expectEqual(answer.taken && (answer.queued !== null) !== queued, true, 'one of the two queues it');
        expectEqual((await world.store.load(runId))?.run.state, 'queued', 'the run');
      }
    },
  },
  {
    name: 'keeps answers when what the run waits for is stored again, and forgets what it waits for no more',
    async run(make) {
      const world = await make();
      const { runId, lease } = await begun(world);
      const [first, second] = [aWait(), aWait({ call: 1 })];
      const parked = { ...aParkedRun([first, second]), resting: false };
      await world.store.checkpoint(lease, { steps: [], events: [aLog(runId, 1)], parked });
      expectEqual(await world.waits.answer(first.id, YES), { taken: true, queued: null }, 'an answer to a run at work');
      await world.store.checkpoint(lease, { steps: [], events: [], parked });
      const waits = async () => (await world.store.load(runId))?.parked?.steps.flatMap((step) => step.waits);
      expectEqual(await waits(), [{ ...first, answer: YES }, second], 'after storing it again');
      await world.store.checkpoint(lease, { steps: [], events: [], parked: aParkedRun([second]) });
      expectEqual(await waits(), [second], 'after one is settled');
      expectEqual(await world.waits.answer(first.id, YES), { taken: false }, 'an answer to what is settled');
      const end = { state: 'succeeded', creditsSpent: 0, error: null, cover: null } as const;
      await world.store.settle(lease, end, { steps: [], events: [] });
      expectEqual(await world.waits.answer(second.id, YES), { taken: false }, 'an answer after the end');
    },
  },
  {
    name: 'lists what is due, and queues at once what is due when it is put to rest',
    async run(make) {
      const world = await make();
      const due = aWait({ dueAt: PAST });
      const { runId, queued } = await resting(world, aParkedRun([due]));
      expectEqual(queued, true, 'whether it is queued');
      await resting(world, aParkedRun([aWait({ dueAt: FUTURE })]));
      const { lease } = await begun(world);
      await world.store.park(lease, {
        steps: [],
        events: [],
        parked: aParkedRun([due, aWait({ call: 1 })].map(asNew)),
      });
      const listed = await world.waits.listDue(10);
      expectEqual(
        listed.map(({ node, wait }) => [node, wait.dueAt]),
        [
          ['a', PAST],
          ['a', PAST],
        ],
        'what is due',
      );
      expectEqual(
        listed.some((open) => open.runId === runId),
        true,
        'the run',
      );
      expectEqual((await world.waits.listDue(1)).length, 1, 'the limit');
    },
  },
  {
    name: 'finds the runs that a run waits for, and those of them that have ended',
    async run(make) {
      const world = await make();
      const child = (await world.store.accept(aNewRun())).run;
      const wait = aWait({ about: { kind: 'run', runId: child.id, workflowName: 'Other', version: 1 } });
      const { runId } = await resting(world, aParkedRun([wait]));
      expectEqual(await world.waits.listChildren(runId), [child.id], 'its children');
      expectEqual((await world.waits.findParent(child.id))?.wait, wait, 'the wait of its parent');
      expectEqual(await world.waits.listEnded(9), [], 'before it has ended');
      await world.store.requestCancel(child.id);
      const [ended] = await world.waits.listEnded(9);
      expectEqual([ended?.runId, ended?.wait], [runId, wait], 'after it has');
      await world.waits.answer(wait.id, { timeIsUp: false, value: null });
      expectEqual(
        [await world.waits.listEnded(9), await world.waits.findParent(child.id)],
        [[], undefined],
        'answered',
      );
    },
  },
  {
    name: 'finds runs that go on though the one that started them has ended',
    async run(make) {
      const world = await make();
      const parent = (await world.store.accept(aNewRun())).run;
      const started = async () =>
        (await world.store.accept(aNewRun({ parent: { runId: parent.id, node: 'a' } }))).run.id;
      const [queued, ended, asked] = [await started(), await started(), await started()];
      const [alone, atWork] = [(await world.store.accept(aNewRun())).run.id, await started()];
      for (const id of [asked, atWork]) await world.store.claim(id, 'a', LEASE_MS);
      for (const id of [ended, asked, alone]) await world.store.requestCancel(id);
      expectEqual(await world.waits.listOrphans(9), [], 'while it is there');
      await world.store.requestCancel(parent.id);
      expectEqual((await world.waits.listOrphans(9)).sort(), [queued, atWork].sort(), 'once it has ended');
      expectEqual((await world.waits.listOrphans(1)).length, 1, 'the limit');
    },
  },
  {
    name: 'cancels a run that rests at once, with the steps that wait, and what they cost stays spent',
    async run(make) {
      const world = await make();
      const wait = aWait();
      const before = waitingStep({ node: 'b', state: 'succeeded', credits: 15 });
      const { runId } = await resting(world, aParkedRun([wait]), [waitingStep(), before]);
      const cancelled = await world.store.requestCancel(runId);
      expectEqual([cancelled?.state, cancelled?.creditsSpent], ['cancelled', 15], 'the run');
      const { steps = [], run } = (await world.store.load(runId)) ?? {};
      const states = steps.map(({ node, state }) => [node, state]).sort();
      expectEqual(
        states,
        [
          ['a', 'cancelled'],
          ['b', 'succeeded'],
        ],
        'its steps',
      );
      const events = await world.store.events(runId, 0);
      expectEqual(
        events.map((event) => [event.seq, event.type]),
        [
          [1, 'log'],
          [2, 'step.finished'],
          [3, 'run.finished'],
        ],
        'its events',
      );
      expectEqual(run?.lastSeq, 3, 'the last number');
      expectEqual(await world.waits.answer(wait.id, YES), { taken: false }, 'an answer after that');
    },
  },
  {
    name: 'queues a run that is to be cancelled while it is put to rest',
    async run(make) {
      const world = await make();
      const { runId, lease } = await begun(world);
      await world.store.requestCancel(runId);
      expectEqual(
        await world.store.park(lease, { steps: [], events: [], parked: aParkedRun([aWait()]) }),
        true,
        'queued',
      );
      expectEqual((await world.store.load(runId))?.run.state, 'queued', 'the run');
    },
  },
];

function asNew(wait: RunWait): RunWait {
  return { ...wait, id: randomUUID() };
}
