import { emptyGraph, type PriceTerms } from '@imaginarium/protocol';
import { AgreedSpentError, InsufficientCreditsError, type StepCharge } from '../ports/run-credits.ts';
import { type Lease, LeaseLostError, type NewRun, type RunStore } from '../ports/run-store.ts';
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
  return { run, lease: await claimed(funded, run.id) };
}

/** A run that has begun and shares what was agreed to with others. */
async function begunUnder(funded: FundedStore, asked: Pick<NewRun, 'creditsQuoted' | 'terms'>) {
  return claimed(funded, (await accepted(funded, asked)).id);
}

async function claimed({ store }: FundedStore, runId: string): Promise<Lease> {
  const lease = await store.claim(runId, 'a', 60_000);
  if (!lease) throw new Error('the run could not be claimed');
  return lease;
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
    name: 'holds runs that belong together to what was agreed to for the first of them, and gives back what they leave',
    async run(make) {
      const funded = await make();
      const first = aNewRun({ graph: emptyGraph(), creditsQuoted: 10 });
      const terms = { ...TERMS, ceiling: { runId: first.id, most: 50 } };
      await funded.store.accept({ ...first, terms });
      const one = await begunUnder(funded, { creditsQuoted: 30, terms });
      const two = aNewRun({ graph: emptyGraph(), creditsQuoted: 11, terms });
      await expectRejection(funded.store.accept(two), AgreedSpentError, 'more than is left');
      expectEqual(await funded.store.load(two.id), undefined, 'the run that was refused');
      await funded.store.settle(one, { ...failed, creditsSpent: 5 }, { ...nothing, charges: [aCharge('avatar', 5)] });
      const three = await begunUnder(funded, { creditsQuoted: 30, terms });
      await expectRejection(funded.store.setAside(three, 6), AgreedSpentError, 'more than is left on the way');
      await funded.store.setAside(three, 5);
      expectEqual(await funded.available(), 50, 'available');
      const free = aNewRun({ graph: emptyGraph(), creditsQuoted: 0, terms });
      expectEqual((await funded.store.accept(free)).created, true, 'a run that costs nothing');
      await accepted(funded, { creditsQuoted: 50 });
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
