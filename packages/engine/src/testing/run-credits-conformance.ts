import { emptyGraph, type PriceTerms } from '@imaginarium/protocol';
import { InsufficientCreditsError, type StepCharge } from '../ports/run-credits.ts';
import { LeaseLostError, type NewRun, type RunStore } from '../ports/run-store.ts';
import { expectEqual, expectRejection, type PortCheck } from './check.ts';
import { aNewRun } from './run-samples.ts';

const TERMS: PriceTerms = { version: 4, rules: [], bundle: null };

/** A run store under test, for a workspace that has 100 credits. */
export interface FundedStore {
  store: RunStore;
  /** Credits that are neither spent nor set aside. */
  available(): Promise<number>;
}

function aCharge(node: string, credits: number, iteration = ''): StepCharge {
  const use = { version: 1, items: 1, durationMs: 20, pool: null };
  return { node, name: `The ${node}`, type: `test.${node}`, iteration, credits, exact: credits * 100, use };
}

async function accepted({ store }: FundedStore, changes: Partial<NewRun>) {
  return (await store.accept(aNewRun({ graph: emptyGraph(), terms: TERMS, ...changes }))).run;
}

async function begun(funded: FundedStore, creditsQuoted: number) {
  const run = await accepted(funded, { creditsQuoted });
  const lease = await funded.store.claim(run.id, 'a', 60_000);
  if (!lease) throw new Error('the run could not be claimed');
  return { run, lease };
}

const nothing = { steps: [], events: [] };
const failed = { state: 'failed', creditsSpent: 10, error: null, cover: null } as const;

/** What every run store keeps of the credits of runs. */
export const runCreditsConformance: PortCheck<FundedStore>[] = [
  {
    name: 'sets credits aside with a run, charges each step once, and gives the rest back as it ends',
    async run(make) {
      const funded = await make();
      const { run, lease } = await begun(funded, 70);
      expectEqual(await funded.available(), 30, 'available while set aside');
      await funded.store.checkpoint(lease, { ...nothing, charges: [aCharge('avatar', 10)] });
      expectEqual(
        (await funded.store.load(run.id))?.funds,
        { terms: TERMS, reserved: 70, spent: 1000 },
        'what the next worker finds',
      );
      await funded.store.settle(lease, failed, { ...nothing, charges: [aCharge('avatar', 10)] });
      expectEqual(await funded.available(), 90, 'available at the end');
    },
  },
  {
    name: 'charges each iteration of a step in a loop by itself',
    async run(make) {
      const funded = await make();
      const { lease } = await begun(funded, 50);
      const charges = ['each#0', 'each#1', 'each#1'].map((iteration) => aCharge('avatar', 10, iteration));
      await funded.store.checkpoint(lease, { ...nothing, charges });
      await funded.store.settle(lease, { ...failed, creditsSpent: 20 }, nothing);
      expectEqual(await funded.available(), 80, 'available at the end');
    },
  },
  {
    name: 'refuses a run that is not covered before it is stored, and changes nothing',
    async run(make) {
      const funded = await make();
      const asked = aNewRun({ creditsQuoted: 101, terms: TERMS });
      await expectRejection(funded.store.accept(asked), InsufficientCreditsError, 'too much');
      expectEqual(await funded.store.load(asked.id), undefined, 'the run');
      expectEqual(await funded.available(), 100, 'available');
    },
  },
  {
    name: 'sets credits aside once for a repeat of a request',
    async run(make) {
      const funded = await make();
      const idempotency = { key: 'order-of-credits', requestHash: 'a' };
      const first = await accepted(funded, { creditsQuoted: 60, idempotency });
      expectEqual((await accepted(funded, { creditsQuoted: 60, idempotency })).id, first.id, 'the repeat');
      expectEqual(await funded.available(), 40, 'available');
    },
  },
  {
    name: 'sets more aside while the wallet has it, and not for who lost the lease',
    async run(make) {
      const funded = await make();
      const { run, lease } = await begun(funded, 70);
      await funded.store.setAside(lease, 30);
      expectEqual((await funded.store.load(run.id))?.funds?.reserved, 100, 'set aside');
      await expectRejection(funded.store.setAside(lease, 1), InsufficientCreditsError, 'more than there is');
      const other = { ...lease, token: lease.token + 1 };
      await expectRejection(funded.store.setAside(other, 1), LeaseLostError, 'another lease');
      await funded.store.settle(lease, { ...failed, creditsSpent: 0 }, nothing);
      expectEqual(await funded.available(), 100, 'available at the end');
    },
  },
  {
    name: 'gives back what was set aside for a run that is cancelled before it begins',
    async run(make) {
      const funded = await make();
      const run = await accepted(funded, { creditsQuoted: 70 });
      await funded.store.requestCancel(run.id);
      await funded.store.requestCancel(run.id);
      expectEqual(await funded.available(), 100, 'available');
    },
  },
  {
    name: 'gives a run without prices no funds',
    async run(make) {
      const { store, available } = await make();
      const { run } = await store.accept(aNewRun({ creditsQuoted: 0 }));
      expectEqual((await store.load(run.id))?.funds, null, 'its funds');
      expectEqual(await available(), 100, 'available');
    },
  },
];
