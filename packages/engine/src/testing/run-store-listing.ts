import type { RunStore } from '../ports/run-store.ts';
import { expectEqual, type PortCheck } from './check.ts';
import { aNewRun, claimed, LEASE_MS, OTHER_PLACE } from './run-samples.ts';

/** What every run store keeps about what it lists for queues. */
export const listingChecks: PortCheck<RunStore>[] = [
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
];
