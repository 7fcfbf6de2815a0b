import { randomUUID } from 'node:crypto';
import { expectEqual, expectRejection, type PortCheck } from '@imaginarium/engine/testing';
import { type Billing, BillingRefusedError, type UseReport } from '../billing.ts';

/** A billing service under test: it knows the customer `cus_ana`. */
export interface BillingWorld {
  billing: Billing;
  /** Credits of a customer's bill. */
  used(customer: string): Promise<number>;
}

/** A report of five credits; what is not said is that of a first try. */
export function aReport(report: Partial<UseReport> = {}): UseReport {
  const at = new Date(Date.now() - 60_000).toISOString();
  return { id: randomUUID(), attempt: 1, customer: 'cus_ana', credits: 5, at, ...report };
}

const calm = new AbortController().signal;

/** What everything that bills promises. */
export const billingConformance: PortCheck<BillingWorld>[] = [
  {
    name: 'adds up what was reported',
    async run(make) {
      const { billing, used } = await make();
      await billing.report(aReport(), calm);
      await billing.report(aReport({ credits: 7 }), calm);
      expectEqual(await used('cus_ana'), 12, 'the bill');
    },
  },
  {
    name: 'counts a report once, however often it is tried',
    async run(make) {
      const { billing, used } = await make();
      const report = aReport();
      for (const attempt of [1, 1, 2, 3]) await billing.report({ ...report, attempt }, calm);
      await Promise.all([4, 5].map((attempt) => billing.report({ ...report, attempt }, calm)));
      expectEqual(await used('cus_ana'), 5, 'the bill');
    },
  },
  {
    name: 'takes off what was given back',
    async run(make) {
      const { billing, used } = await make();
      await billing.report(aReport(), calm);
      await billing.report(aReport({ credits: -2 }), calm);
      expectEqual(await used('cus_ana'), 3, 'the bill');
    },
  },
  {
    name: 'refuses a customer that it does not know, and bills nobody',
    async run(make) {
      const { billing, used } = await make();
      await expectRejection(
        billing.report(aReport({ customer: 'cus_nobody' }), calm),
        BillingRefusedError,
        'an unknown customer',
      );
      expectEqual(await used('cus_ana'), 0, 'the bill');
    },
  },
];
