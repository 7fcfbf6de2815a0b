import { RepeatedLook } from '../repeated-look.ts';
import { type Billing, BillingAwayError, BillingRefusedError } from './billing.ts';
import type { BillingOutbox, DueReport, ReportOutcome } from './outbox.ts';

const LOOK_MS = 60_000;
/** A try may take less time than a report is its sender's. */
const TRY_MS = 20_000;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** What it tells. */
export interface BillingLog {
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
}

/**
 * Reports what was used to the billing service: it takes over what the ledger has new every minute, and sends what is due. Any number of
 * servers may send at once. What fails is tried again after longer and longer pauses, or when the service says; what is refused waits for a person.
 */
export class BillingSender {
  readonly #billing: Billing;
  readonly #outbox: Pick<BillingOutbox, 'gather' | 'next' | 'settle'>;
  readonly #log: BillingLog;
  readonly #stopped = new AbortController();
  readonly #looks = new RepeatedLook(() => this.look(), LOOK_MS);

  constructor(billing: Billing, outbox: Pick<BillingOutbox, 'gather' | 'next' | 'settle'>, log: BillingLog) {
    this.#billing = billing;
    this.#outbox = outbox;
    this.#log = log;
  }

  start(): void {
    this.#looks.start();
  }

  /** Resolves when nothing is being sent. */
  stop(): Promise<void> {
    this.#stopped.abort(new Error('The server stops.'));
    return this.#looks.stop();
  }

  /** Takes over and sends all there is; ends early when the service is away. */
  async look(): Promise<void> {
    try {
      await this.#outbox.gather();
      while (!this.#looks.isStopped) {
        const report = await this.#outbox.next();
        if (!report) return;
        const outcome = await this.#send(report);
        await this.#outbox.settle(report.id, outcome);
        if (outcome.kind === 'later') return;
      }
    } catch (error) {
      this.#log.error({ err: error }, 'what was used could not be reported for billing; it is tried again');
    }
  }

  async #send(report: DueReport): Promise<ReportOutcome> {
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(TRY_MS)]);
    try {
      await this.#billing.report(report, signal);
      return { kind: 'sent' };
    } catch (error) {
      if (error instanceof BillingRefusedError) {
        this.#log.error({ report: report.id, err: error }, 'the billing service refused a report; it waits for you');
        return { kind: 'refused', error: error.message };
      }
      if (!(error instanceof BillingAwayError)) throw error;
      const afterMs = error.afterMs ?? Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (report.attempt - 1));
      this.#log.warn({ report: report.id, err: error, afterMs }, 'the billing service is away; it is tried again');
      return { kind: 'later', afterMs, error: error.message, mayHaveArrived: error.mayHaveArrived };
    }
  }
}
