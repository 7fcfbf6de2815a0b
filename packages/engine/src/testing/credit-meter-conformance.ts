import { randomUUID } from 'node:crypto';
import { type CreditMeter, InsufficientCreditsError } from '../ports/credit-meter.ts';
import { expectEqual, expectRejection, type PortCheck } from './check.ts';

const WORKSPACE = '00000000-0000-4000-8000-000000000001';

/** A meter under test, for a workspace that has 100 credits. */
export interface MeterUnderTest {
  meter: CreditMeter;
  available(): Promise<number>;
}

/** What every credit meter keeps. */
export const creditMeterConformance: PortCheck<MeterUnderTest>[] = [
  {
    name: 'sets credits aside, spends them step by step, and gives the rest back once',
    async run(make) {
      const { meter, available } = await make();
      const runId = randomUUID();
      await meter.reserve(runId, WORKSPACE, 70);
      expectEqual(await available(), 30, 'available while reserved');
      await meter.commit(runId, { node: 'avatar', iteration: '', attempt: 1 }, 10);
      await meter.commit(runId, { node: 'avatar', iteration: '', attempt: 1 }, 10);
      await meter.release(runId, 'failed');
      await meter.release(runId, 'failed');
      expectEqual(await available(), 90, 'available at the end');
    },
  },
  {
    name: 'counts each iteration of a step in a loop by itself',
    async run(make) {
      const { meter, available } = await make();
      const runId = randomUUID();
      await meter.reserve(runId, WORKSPACE, 50);
      for (const iteration of ['each#0', 'each#1', 'each#1'])
        await meter.commit(runId, { node: 'avatar', iteration, attempt: 1 }, 10);
      await meter.release(runId, 'succeeded');
      expectEqual(await available(), 80, 'available at the end');
    },
  },
  {
    name: 'refuses a run that is not covered, and changes nothing',
    async run(make) {
      const { meter, available } = await make();
      await expectRejection(meter.reserve(randomUUID(), WORKSPACE, 101), InsufficientCreditsError, 'too much');
      expectEqual(await available(), 100, 'available');
    },
  },
];
