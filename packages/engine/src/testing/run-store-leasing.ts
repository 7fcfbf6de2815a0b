import { LeaseLostError, type RunStore } from '../ports/run-store.ts';
import { expectEqual, expectRejection, type PortCheck } from './check.ts';
import { aGraphOf, aLog, aNewRun, aStep, claimed, LEASE_MS, succeeded } from './run-samples.ts';

/** What every run store keeps about who may write to a run. */
export const leaseChecks: PortCheck<RunStore>[] = [
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
