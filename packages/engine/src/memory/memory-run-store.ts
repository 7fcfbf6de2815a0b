import { isTerminal, type PriceTerms, type Run, type RunEvent } from '@imaginarium/protocol';
import { AgreedSpentError, InsufficientCreditsError } from '../ports/run-credits.ts';
import type { QueuedRun } from '../ports/run-queue.ts';
import {
  type AcceptedRun,
  bringsOn,
  type CanExecute,
  type Checkpoint,
  type Idempotency,
  IdempotencyMismatchError,
  type Lease,
  LeaseLostError,
  type NewRun,
  type RunNews,
  type RunOutcome,
  type RunRecord,
  type RunStart,
  type RunStore,
} from '../ports/run-store.ts';
import { canGoOn, type ParkedRun } from '../ports/run-waits.ts';
import { MemoryRun } from './memory-run.ts';
import { MemoryRunWaits } from './memory-run-waits.ts';

/** Keeps runs in memory: the record of a single process that may forget them when it ends. */
export class MemoryRunStore implements RunStore {
  readonly #entries = new Map<string, MemoryRun>();
  readonly #byIdempotencyKey = new Map<string, { requestHash: string; runId: string }>();
  readonly #now: () => number;
  /** What its runs wait for. */
  readonly waits: MemoryRunWaits;
  #available: number;

  /** @param credits what runs can spend, all workspaces together. */
  constructor(now: () => number = Date.now, credits = Number.POSITIVE_INFINITY) {
    this.#now = now;
    this.waits = new MemoryRunWaits(this.#entries, now);
    this.#available = credits;
  }

  /** Credits that are neither spent nor set aside. */
  get available(): number {
    return this.#available;
  }

  async accept(source: NewRun, start?: RunStart): Promise<AcceptedRun> {
    const { idempotency, workspaceId } = source;
    const earlier = idempotency && this.#repeated(workspaceId, idempotency);
    if (earlier) return { run: earlier, created: false };
    if (source.terms) this.#take(source.creditsQuoted, source.terms);
    const entry = new MemoryRun(source, this.#now());
    this.#entries.set(source.id, entry);
    if (idempotency)
      this.#byIdempotencyKey.set(`${workspaceId}/${idempotency.key}`, {
        requestHash: idempotency.requestHash,
        runId: source.id,
      });
    const lease = start && (await this.claim(source.id, start.worker, start.leaseMs));
    return { run: entry.run, created: true, ...(lease ? { lease } : {}) };
  }

  async findRepeated(workspaceId: string, idempotency: Idempotency): Promise<Run | undefined> {
    return this.#repeated(workspaceId, idempotency);
  }

  #repeated(workspaceId: string, { key, requestHash }: Idempotency): Run | undefined {
    const earlier = this.#byIdempotencyKey.get(`${workspaceId}/${key}`);
    if (!earlier) return undefined;
    if (earlier.requestHash !== requestHash) throw new IdempotencyMismatchError(key);
    return this.#entry(earlier.runId).run;
  }

  async claim(runId: string, _worker: string, leaseMs: number, canExecute?: CanExecute): Promise<Lease | undefined> {
    const entry = this.#entries.get(runId);
    if (entry?.run.state !== 'queued' || !entry.isDue(this.#now()) || !entry.fits(canExecute)) return undefined;
    return entry.lease(leaseMs, this.#now());
  }

  async takeOver(runId: string, _worker: string, leaseMs: number, canExecute?: CanExecute): Promise<Lease | undefined> {
    const entry = this.#entries.get(runId);
    if (entry?.run.state !== 'running' || entry.leaseUntil > this.#now() || !entry.fits(canExecute)) return undefined;
    if (!entry.released) entry.takeovers += 1;
    return entry.lease(leaseMs, this.#now());
  }

  async renew(lease: Lease, leaseMs: number): Promise<boolean> {
    const entry = this.#entries.get(lease.runId);
    if (entry?.token !== lease.token || entry.run.state !== 'running') return false;
    entry.leaseUntil = this.#now() + leaseMs;
    return true;
  }

  async release(lease: Lease): Promise<void> {
    const entry = this.#entries.get(lease.runId);
    if (entry?.token !== lease.token || entry.run.state !== 'running') return;
    entry.leaseUntil = this.#now();
    entry.released = true;
  }

  async load(runId: string): Promise<RunRecord | undefined> {
    return this.#entries.get(runId)?.toRecord();
  }

  async setAside(lease: Lease, credits: number): Promise<void> {
    const { funds } = this.#held(lease);
    if (!funds) throw new Error(`Run ${lease.runId} has no funds.`);
    this.#take(credits, funds.terms);
    funds.reserved += credits;
  }

  async checkpoint(lease: Lease, checkpoint: Checkpoint): Promise<void> {
    const entry = this.#held(lease);
    entry.write(checkpoint);
    if (bringsOn(checkpoint)) entry.takeovers = 0;
  }

  async settle(lease: Lease, outcome: RunOutcome, checkpoint: Checkpoint): Promise<void> {
    const entry = this.#held(lease);
    entry.write(checkpoint);
    entry.run = { ...entry.run, ...structuredClone(outcome), finishedAt: new Date(this.#now()).toISOString() };
    entry.parked = undefined;
    this.#giveBack(entry);
  }

  async park(lease: Lease, checkpoint: Checkpoint & { parked: ParkedRun }): Promise<boolean> {
    const entry = this.#held(lease);
    await this.checkpoint(lease, checkpoint);
    const queued = entry.cancelRequested || canGoOn(entry.parked ?? checkpoint.parked, this.#now());
    entry.run = { ...entry.run, state: queued ? 'queued' : 'waiting' };
    return queued;
  }

  async requestCancel(runId: string): Promise<Run | undefined> {
    const entry = this.#entries.get(runId);
    if (!entry) return undefined;
    if (!isTerminal(entry.run.state)) entry.cancelRequested = true;
    if (entry.run.state === 'queued' || entry.run.state === 'waiting') {
      entry.cancel(this.#now());
      this.#giveBack(entry);
    }
    return structuredClone(entry.run);
  }

  async isCancelRequested(runId: string): Promise<boolean> {
    return this.#entries.get(runId)?.cancelRequested ?? false;
  }

  async listQueued(limit: number, canExecute?: CanExecute): Promise<QueuedRun[]> {
    const queued = [...this.#entries.values()].filter(
      (entry) => entry.run.state === 'queued' && entry.isDue(this.#now()) && entry.fits(canExecute),
    );
    const places = Map.groupBy(queued, (entry) => entry.source.workspaceId);
    const share = Math.max(1, Math.floor(limit / places.size));
    const turns = new Set([...places.values()].flatMap((entries) => entries.sort(byPriority).slice(0, share)));
    const lapsed = this.#lapsed().filter((entry) => entry.fits(canExecute));
    return [...lapsed, ...queued.filter((entry) => turns.has(entry))]
      .sort(byPriority)
      .slice(0, limit)
      .map((entry) => entry.toQueued());
  }

  async listDue(limit: number): Promise<QueuedRun[]> {
    const due = [...this.#entries.values()].filter(
      (entry) => entry.isPutOff && entry.run.state === 'queued' && entry.isDue(this.#now()),
    );
    for (const entry of due.slice(0, limit)) entry.isPutOff = false;
    return due.slice(0, limit).map((entry) => entry.toQueued());
  }

  async listAbandoned(limit: number): Promise<QueuedRun[]> {
    return this.#lapsed()
      .slice(0, limit)
      .map((entry) => entry.toQueued());
  }

  async leaseClock(): Promise<number> {
    return this.#now();
  }

  async events(runId: string, after: number): Promise<RunEvent[]> {
    return structuredClone(this.#entries.get(runId)?.events.filter((event) => event.seq > after) ?? []);
  }

  async news(runId: string, after: number): Promise<RunNews> {
    const entry = this.#entries.get(runId);
    return { events: await this.events(runId, after), steps: structuredClone([...(entry?.steps.values() ?? [])]) };
  }

  /** Running runs whose lease has lapsed, the one that lapsed first before the others. */
  #lapsed(): MemoryRun[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.run.state === 'running' && entry.leaseUntil <= this.#now())
      .sort((a, b) => a.leaseUntil - b.leaseUntil);
  }

  /** @throws {InsufficientCreditsError} {@link AgreedSpentError} */
  #take(credits: number, { ceiling }: PriceTerms): void {
    if (ceiling) {
      const left = ceiling.most - this.#heldUnder(ceiling.runId);
      if (credits > left) throw new AgreedSpentError(credits, ceiling.most, left);
    }
    if (credits > this.#available) throw new InsufficientCreditsError(credits, this.#available);
    this.#available -= credits;
  }

  /** What runs that belong together were given: set aside while they go on, spent once they have ended. */
  #heldUnder(ceilingRunId: string): number {
    return [...this.#entries.values()]
      .filter(({ funds }) => funds?.terms.ceiling?.runId === ceilingRunId)
      .reduce((sum, { run, funds, charged }) => sum + (isTerminal(run.state) ? charged : (funds?.reserved ?? 0)), 0);
  }

  #giveBack({ funds, charged }: MemoryRun): void {
    this.#available += (funds?.reserved ?? 0) - charged;
  }

  #held(lease: Lease): MemoryRun {
    const entry = this.#entry(lease.runId);
    if (entry.token !== lease.token || entry.run.state !== 'running') throw new LeaseLostError(lease.runId);
    return entry;
  }

  #entry(runId: string): MemoryRun {
    const entry = this.#entries.get(runId);
    if (!entry) throw new Error(`There is no run ${runId}.`);
    return entry;
  }
}

function byPriority(a: MemoryRun, b: MemoryRun): number {
  return b.run.priority - a.run.priority;
}
