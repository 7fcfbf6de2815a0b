import { type Billing, BillingRefusedError, type UseReport } from './billing.ts';

/** Bills in memory, for tests: customers are those it is told of. */
export class MemoryBilling implements Billing {
  readonly #customers: ReadonlySet<string>;
  readonly #reports = new Map<string, UseReport>();

  constructor(customers: readonly string[]) {
    this.#customers = new Set(customers);
  }

  async report(report: UseReport): Promise<void> {
    if (!this.#customers.has(report.customer)) throw new BillingRefusedError(`No such customer: ${report.customer}`);
    if (!this.#reports.has(report.id)) this.#reports.set(report.id, report);
  }

  /** Credits of a customer's bill. */
  used(customer: string): number {
    const own = [...this.#reports.values()].filter((report) => report.customer === customer);
    return own.reduce((sum, { credits }) => sum + credits, 0);
  }
}
