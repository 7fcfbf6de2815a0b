import { type FileRef, type RunEvent, type RunEventBody, type Step, stepKey } from '@imaginarium/protocol';
import { isoMoment } from '../limits/iso-moment.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { StepCharge } from '../ports/run-credits.ts';
import {
  type Checkpoint,
  type Lease,
  LeaseLostError,
  type RunOutcome,
  type RunProgress,
  type StepPart,
} from '../ports/run-store.ts';
import type { ParkedRun } from '../ports/run-waits.ts';

/** How long events may wait to be stored together. Live events are told once stored, so this is also their delay. */
const GROUP_MS = 40;
/** How long they wait when nothing was stored for a while: no longer than what happens in the same moment. */
const QUIET_GROUP_MS = 2;
/** The shortest time between two progress events of one step. */
const PROGRESS_MS = 200;
/** Log lines of one step that are kept: a loop that logs must not fill the database. */
const LOG_LINES = 1000;
const LOG_IS_FULL = `The log of this step is full: ${LOG_LINES} lines are kept, more were left out.`;

/** Items from which on a step is stored as soon as it has ended: held until others are stored with it, thousands of items are much. */
const LONG = 5000;

export interface RecorderOptions {
  lease: Lease;
  store: RunProgress;
  bus: EventBus;
  clock: Clock;
  /** Number of the last event that is stored already. */
  lastSeq: number;
  /** Called when the lease turns out to be lost, or storing fails for good. */
  onLost: (error: unknown) => void;
}

/** Writes down what happens in a run, in groups, and tells it once it is stored. Events get their numbers here and nowhere else. */
export class RunRecorder {
  readonly #options: RecorderOptions;
  #seq: number;
  #events: RunEvent[] = [];
  #steps = new Map<string, Step>();
  #charges: StepCharge[] = [];
  #parts: StepPart[] = [];
  readonly #progressAt = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  readonly #logLines = new Map<string | null, number>();
  #closed = false;
  /** When a group was last taken to be stored; the first of a run waits as long as any, so that a short run is one group. */
  #takenAt: number | undefined;
  /** The last picture a step gave. */
  cover: FileRef | null = null;
  /** What the run waits for, when that has changed since it was stored. */
  #parked: ParkedRun | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#seq = options.lastSeq;
  }

  /**
   * Tells an event. A node that was given up may still speak when its run has ended; nobody hears it.
   * @param body belongs to the recorder from then on.
   * @param now when it happened, where that was just asked: in milliseconds since 1970.
   */
  event(body: RunEventBody, now: number = this.#options.clock.now()): void {
    if (this.#closed) return;
    if (body.type === 'step.progress') {
      if (now - (this.#progressAt.get(stepKey(body)) ?? Number.NEGATIVE_INFINITY) < PROGRESS_MS) return;
      this.#progressAt.set(stepKey(body), now);
    }
    if (body.type === 'log') {
      const lines = (this.#logLines.get(body.node) ?? 0) + 1;
      this.#logLines.set(body.node, lines);
      if (lines > LOG_LINES) return;
      if (lines === LOG_LINES) body = { ...body, level: 'warn', message: LOG_IS_FULL, data: undefined };
    }
    this.#append(body, now);
  }

  #append(body: RunEventBody, now: number): void {
    this.#seq += 1;
    const event = body as RunEvent; // Body and stamp together are exactly one event.
    event.runId = this.#options.lease.runId;
    event.seq = this.#seq;
    event.at = isoMoment(now);
    this.#events.push(event);
    this.#flushSoon(now);
  }

  #flushSoon(now: number): void {
    if (this.#timer) return;
    const quiet = this.#takenAt !== undefined && now - this.#takenAt >= GROUP_MS;
    this.#timer = setTimeout(() => void this.flush().catch(() => undefined), quiet ? QUIET_GROUP_MS : GROUP_MS);
  }

  step(step: Step): void {
    if (this.#closed) return;
    this.#steps.set(stepKey(step), step);
    // With what is told of it in the same moment.
    if (isLong(step)) this.flush().catch(() => undefined);
  }

  /** One call of a step at work. */
  part(part: StepPart): void {
    if (this.#closed) return;
    this.#parts.push(part);
    this.#flushSoon(this.#options.clock.now());
  }

  /** Steps and events that are not stored yet. */
  get pending(): number {
    return this.#steps.size + this.#events.length;
  }

  /** What the run waits for from now on, whole. */
  park(parked: ParkedRun): void {
    this.#parked = parked;
  }

  /** Writes down what a finished step costs, with the step. */
  charge(charge: StepCharge): void {
    if (!this.#closed) this.#charges.push(charge);
  }

  /** Stores everything so far. What depends on it being stored (an effect that must not be repeated) waits for this. */
  flush(): Promise<void> {
    const { lease, store, bus, onLost } = this.#options;
    this.#writing = this.#writing.then(async () => {
      const checkpoint = this.#take();
      const { events, steps, parked, parts } = checkpoint;
      if (events.length === 0 && steps.length === 0 && !parked && !parts) return;
      this.#takenAt = this.#options.clock.now();
      await store.checkpoint(lease, checkpoint);
      bus.publish(checkpoint.events, checkpoint.steps);
    });
    this.#writing.catch(onLost);
    return this.#writing;
  }

  /** Ends the run, with all that is not stored yet, in one transaction. */
  async settle(outcome: RunOutcome, hasWaited: boolean): Promise<void> {
    const { lease, store, bus } = this.#options;
    await this.#writing;
    // The lease may have been lost in the meantime, and what was left to store thrown away with it.
    if (this.#closed) throw new LeaseLostError(lease.runId);
    const { state, creditsSpent, error } = outcome;
    this.event({ type: 'run.finished', state, creditsSpent, error });
    const checkpoint = this.#take();
    // Said again, whether it was stored before or not: what is kept of it goes with the run's end.
    if (hasWaited) checkpoint.parked = { resting: false, workedMs: 0, steps: [] };
    this.#closed = true;
    await store.settle(lease, outcome, checkpoint);
    bus.publish(checkpoint.events, checkpoint.steps);
  }

  /** Lets the run wait, with all that is not stored yet, in one transaction. @returns whether it is queued again already. */
  async rest(parked: ParkedRun): Promise<boolean> {
    const { lease, store, bus } = this.#options;
    await this.#writing;
    // The lease may have been lost in the meantime, and what was left to store thrown away with it.
    if (this.#closed) throw new LeaseLostError(lease.runId);
    this.event({ type: 'run.waiting' });
    const checkpoint = { ...this.#take(), parked };
    this.#closed = true;
    const queued = await store.park(lease, checkpoint);
    bus.publish(checkpoint.events);
    return queued;
  }

  /** Writes nothing more: somebody else has the run now. */
  abandon(): void {
    this.#take();
    this.#closed = true;
  }

  #take(): Checkpoint {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const parked = this.#parked;
    const checkpoint: Checkpoint = { events: this.#events, steps: [...this.#steps.values()], charges: this.#charges };
    if (parked) checkpoint.parked = parked;
    if (this.#parts.length > 0) checkpoint.parts = this.#parts;
    this.#parts = [];
    this.#parked = undefined;
    this.#events = [];
    this.#steps = new Map();
    this.#charges = [];
    return checkpoint;
  }
}

function isLong({ outputs }: Step): boolean {
  for (const port in outputs) if ((outputs[port]?.length ?? 0) > LONG) return true;
  return false;
}
