import type { Run, RunEvent, Step } from '@imaginarium/protocol';
import { compareSteps, isTerminal, nodeTypesOf, stepKey } from '@imaginarium/protocol';
import { InsufficientCreditsError, type RunFunds } from '../ports/run-credits.ts';
import type { QueuedRun } from '../ports/run-queue.ts';
import {
  type AcceptedRun,
  bringsOn,
  type CanExecute,
  type Checkpoint,
  firstFunds,
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
  type StepPart,
} from '../ports/run-store.ts';
import { canGoOn, type ParkedRun } from '../ports/run-waits.ts';
import { eventsOfCancel } from '../run/events-of-cancel.ts';
import { MemoryRunWaits, withAnswers } from './memory-run-waits.ts';

interface Entry {
  run: Run;
  source: NewRun;
  steps: Map<string, Step>;
  parts: StepPart[];
  events: RunEvent[];
  token: number;
  leaseUntil: number;
  /** Whether its last holder let it go of its own accord. */
  released: boolean;
  takeovers: number;
  cancelRequested: boolean;
  /** Whether its time had still to come when it was listed last. */
  isPutOff: boolean;
  parked?: ParkedRun | undefined;
  funds: RunFunds | null;
  /** Credits by step that was charged. */
  charged: Map<string, number>;
}

/** Keeps runs in memory: the record of a single process that may forget them when it ends. */
export class MemoryRunStore implements RunStore {
  readonly #entries = new Map<string, Entry>();
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
    if (source.terms) this.#take(source.creditsQuoted);
    const run = newRun(source, new Date(this.#now()).toISOString());
    this.#entries.set(run.id, {
      run,
      source,
      steps: new Map(structuredClone(source.settled ?? []).map((step) => [stepKey(step), step])),
      parts: [],
      events: [],
      token: 0,
      leaseUntil: 0,
      released: false,
      takeovers: 0,
      cancelRequested: false,
      isPutOff: run.notBefore !== null && Date.parse(run.notBefore) > this.#now(),
      funds: firstFunds(source),
      charged: new Map(),
    });
    if (idempotency)
      this.#byIdempotencyKey.set(`${workspaceId}/${idempotency.key}`, {
        requestHash: idempotency.requestHash,
        runId: run.id,
      });
    const lease = start && (await this.claim(run.id, start.worker, start.leaseMs));
    return { run: this.#entry(run.id).run, created: true, ...(lease ? { lease } : {}) };
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
    if (entry?.run.state !== 'queued' || !this.#isDue(entry) || !fits(entry, canExecute)) return undefined;
    return this.#lease(entry, leaseMs);
  }

  async takeOver(runId: string, _worker: string, leaseMs: number, canExecute?: CanExecute): Promise<Lease | undefined> {
    const entry = this.#entries.get(runId);
    if (entry?.run.state !== 'running' || entry.leaseUntil > this.#now() || !fits(entry, canExecute)) return undefined;
    if (!entry.released) entry.takeovers += 1;
    return this.#lease(entry, leaseMs);
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
    const entry = this.#entries.get(runId);
    if (!entry) return undefined;
    const { run, source, steps, takeovers, parked, funds, parts } = entry;
    const { workspaceId, createdBy, graph } = source;
    const inOrder = [...steps.values()].sort(compareSteps(graph.nodes.map((node) => node.id)));
    const record = {
      run,
      workspaceId,
      createdBy,
      graph,
      steps: inOrder,
      takeovers,
      funds,
      ...(parts.length > 0 ? { parts } : {}),
    };
    return structuredClone(parked ? { ...record, parked } : record);
  }

  async setAside(lease: Lease, credits: number): Promise<void> {
    const { funds } = this.#held(lease);
    if (!funds) throw new Error(`Run ${lease.runId} has no funds.`);
    this.#take(credits);
    funds.reserved += credits;
  }

  async checkpoint(lease: Lease, checkpoint: Checkpoint): Promise<void> {
    const entry = this.#held(lease);
    this.#write(entry, checkpoint);
    if (bringsOn(checkpoint)) entry.takeovers = 0;
  }

  async settle(lease: Lease, outcome: RunOutcome, checkpoint: Checkpoint): Promise<void> {
    const entry = this.#held(lease);
    this.#write(entry, checkpoint);
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
    if (entry.run.state === 'queued' || entry.run.state === 'waiting') this.#cancel(entry);
    return structuredClone(entry.run);
  }

  async isCancelRequested(runId: string): Promise<boolean> {
    return this.#entries.get(runId)?.cancelRequested ?? false;
  }

  async listQueued(limit: number, canExecute?: CanExecute): Promise<QueuedRun[]> {
    const queued = [...this.#entries.values()].filter(
      (entry) => entry.run.state === 'queued' && this.#isDue(entry) && fits(entry, canExecute),
    );
    const places = Map.groupBy(queued, (entry) => entry.source.workspaceId);
    const share = Math.max(1, Math.floor(limit / places.size));
    const turns = new Set([...places.values()].flatMap((entries) => entries.sort(byPriority).slice(0, share)));
    const lapsed = this.#lapsed().filter((entry) => fits(entry, canExecute));
    return [...lapsed, ...queued.filter((entry) => turns.has(entry))].sort(byPriority).slice(0, limit).map(asQueued);
  }

  async listDue(limit: number): Promise<QueuedRun[]> {
    const due = [...this.#entries.values()].filter(
      (entry) => entry.isPutOff && entry.run.state === 'queued' && this.#isDue(entry),
    );
    for (const entry of due.slice(0, limit)) entry.isPutOff = false;
    return due.slice(0, limit).map(asQueued);
  }

  async listAbandoned(limit: number): Promise<QueuedRun[]> {
    return this.#lapsed().slice(0, limit).map(asQueued);
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

  #write(entry: Entry, { steps, events, charges = [], parked, parts = [] }: Checkpoint): void {
    entry.parts.push(...structuredClone(parts));
    for (const charge of charges) {
      const step = stepKey(charge);
      if (!entry.funds || entry.charged.has(step)) continue;
      entry.charged.set(step, charge.credits);
      entry.funds.spent += charge.exact;
    }
    for (const step of steps) entry.steps.set(stepKey(step), structuredClone(step));
    entry.events.push(...structuredClone(events));
    entry.run.lastSeq = entry.events.at(-1)?.seq ?? entry.run.lastSeq;
    if (parked) entry.parked = withAnswers(parked, entry.parked);
  }

  #cancel(entry: Entry): void {
    const finishedAt = new Date(this.#now()).toISOString();
    const steps = [...entry.steps.values()];
    const creditsSpent = steps.reduce((sum, step) => sum + step.credits, 0);
    const { id: runId, lastSeq } = entry.run;
    const events = eventsOfCancel({ runId, lastSeq, at: finishedAt, creditsSpent }, steps);
    for (const step of steps)
      if (!isTerminal(step.state)) entry.steps.set(stepKey(step), { ...step, state: 'cancelled', finishedAt });
    entry.run = { ...entry.run, state: 'cancelled', finishedAt, creditsSpent, lastSeq: lastSeq + events.length };
    entry.parked = undefined;
    entry.events.push(...events);
    this.#giveBack(entry);
  }

  /** Running runs whose lease has lapsed, the one that lapsed first before the others. */
  #lapsed(): Entry[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.run.state === 'running' && entry.leaseUntil <= this.#now())
      .sort((a, b) => a.leaseUntil - b.leaseUntil);
  }

  #isDue({ run }: Entry): boolean {
    return run.notBefore === null || Date.parse(run.notBefore) <= this.#now();
  }

  #lease(entry: Entry, leaseMs: number): Lease {
    entry.token += 1;
    entry.leaseUntil = this.#now() + leaseMs;
    entry.released = false;
    entry.run = {
      ...entry.run,
      state: 'running',
      startedAt: entry.run.startedAt ?? new Date(this.#now()).toISOString(),
    };
    return { runId: entry.run.id, token: entry.token };
  }

  /** @throws {InsufficientCreditsError} */
  #take(credits: number): void {
    if (credits > this.#available) throw new InsufficientCreditsError(credits, this.#available);
    this.#available -= credits;
  }

  #giveBack({ funds, charged }: Entry): void {
    const spent = [...charged.values()].reduce((sum, credits) => sum + credits, 0);
    this.#available += (funds?.reserved ?? 0) - spent;
  }

  #held(lease: Lease): Entry {
    const entry = this.#entry(lease.runId);
    if (entry.token !== lease.token || entry.run.state !== 'running') throw new LeaseLostError(lease.runId);
    return entry;
  }

  #entry(runId: string): Entry {
    const entry = this.#entries.get(runId);
    if (!entry) throw new Error(`There is no run ${runId}.`);
    return entry;
  }
}

function asQueued({ run, source }: Entry): QueuedRun {
  const again = run.state === 'running' ? { again: true as const } : {};
  return { runId: run.id, workspaceId: source.workspaceId, priority: run.priority, ...again };
}

function byPriority(a: Entry, b: Entry): number {
  return b.run.priority - a.run.priority;
}

function fits({ source }: Entry, canExecute: CanExecute | undefined): boolean {
  return canExecute?.(nodeTypesOf(source.graph)) ?? true;
}

function newRun(source: NewRun, createdAt: string): Run {
  const { id, workflowId, workflowName, version, trigger, parent = null, priority, inputs, creditsQuoted } = source;
  return {
    ...{ id, workflowId, workflowName, version, trigger, parent, priority, inputs, creditsQuoted, createdAt },
    state: 'queued',
    notBefore: source.notBefore ?? null,
    dismissedAt: null,
    startedAt: null,
    finishedAt: null,
    creditsSpent: 0,
    error: null,
    cover: null,
    lastSeq: 0,
  };
}
