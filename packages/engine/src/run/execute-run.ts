import {
  applyInputs,
  type FileRef,
  type Graph,
  type Item,
  type JsonObject,
  type PortItems,
  type Step,
  type StepState,
  UnknownInputError,
  validateGraph,
} from '@imaginarium/protocol';
import type { Lease, RunOutcome, RunRecord } from '../ports/run-store.ts';
import { abortAfter } from './abort-after.ts';
import { executeStep } from './execute-step.ts';
import { messageOf, RunStoppedError, toFailure } from './failure.ts';
import { Limiter } from './limiter.ts';
import { type Plan, type PlannedNode, planRun } from './plan.ts';
import { RunRecorder } from './run-recorder.ts';
import { ItemScope } from './scope.ts';
import type { RunServices } from './services.ts';
import { passThrough, skipReason } from './skip.ts';

const DEFAULT_CONCURRENCY = 4;
const DEFAULT_RUN_TIMEOUT_MS = 30 * 60_000;

/**
 * Executes a run whose lease is held, from its plan to its end: each node fires once all that feeds it has settled, independent nodes at
 * the same time, and everything that happens is written down and told on the way.
 * @param signal aborted with a {@link RunStoppedError} to cancel the run; with anything else when the lease is lost, and then nothing more is written.
 * @returns how the run ended; it is stored by then.
 */
export async function executeRun(
  record: RunRecord,
  lease: Lease,
  services: RunServices,
  signal: AbortSignal,
): Promise<RunOutcome> {
  return new RunExecution(record, lease, services, signal).execute();
}

class RunExecution {
  readonly #record: RunRecord;
  readonly #services: RunServices;
  readonly #recorder: RunRecorder;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #limiter: Limiter;
  readonly #scope: ItemScope;
  readonly #outputs = new Map<string, PortItems>();
  readonly #itemsById = new Map<string, Item>();
  #itemsByName: JsonObject | undefined;
  #failure: ReturnType<typeof toFailure> | undefined;
  #creditsSpent = 0;

  constructor(record: RunRecord, lease: Lease, services: RunServices, signal: AbortSignal) {
    const { store, bus, clock } = services;
    this.#record = record;
    this.#services = services;
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
    this.#limiter = new Limiter(record.graph.settings.concurrency ?? DEFAULT_CONCURRENCY);
    this.#scope = new ItemScope(record.run, () => (this.#itemsByName ??= this.#collectByName()));
    const onLost = (error: unknown) => this.#stop.abort(error);
    this.#recorder = new RunRecorder({ lease, store, bus, clock, lastSeq: record.run.lastSeq, onLost });
  }

  async execute(): Promise<RunOutcome> {
    const timeoutMs = this.#record.graph.settings.timeoutMs ?? DEFAULT_RUN_TIMEOUT_MS;
    const callOff = abortAfter(
      timeoutMs,
      this.#stop,
      () => new RunStoppedError('run-timeout', `The run took longer than its limit of ${timeoutMs / 1000} s.`),
    );
    const onAbort = () => this.#isLost() && this.#recorder.abandon();
    this.#signal.addEventListener('abort', onAbort);
    try {
      this.#recorder.event({ type: 'run.started' });
      const plan = this.#plan();
      if (plan) await this.#walk(plan);
      onAbort();
      if (this.#isLost()) throw this.#signal.reason;
      const outcome = this.#outcome();
      // Settled first: what is reserved is given back by the one who ended the run, and by nobody who only thought so.
      await this.#recorder.settle(outcome);
      await this.#services.meter.release(this.#record.run.id, `run ${outcome.state}`);
      return outcome;
    } finally {
      callOff();
      this.#signal.removeEventListener('abort', onAbort);
    }
  }

  /** Whether the run is somebody else's by now. */
  #isLost(): boolean {
    return this.#signal.aborted && !(this.#signal.reason instanceof RunStoppedError);
  }

  #plan(): Plan | undefined {
    const { registry } = this.#services;
    try {
      const graph = applyInputs(this.#record.graph, this.#record.run.inputs, registry);
      const [problem] = validateGraph(graph, registry);
      if (!problem) return planRun(graph, registry);
      this.#failure = { code: 'graph-invalid', message: problem.message, remedy: problem.remedy };
    } catch (error) {
      const code = error instanceof UnknownInputError ? 'input-invalid' : 'graph-invalid';
      this.#failure = { code, message: messageOf(error) };
    }
    return undefined;
  }

  async #walk(plan: Plan): Promise<void> {
    const settled = new Map<string, Promise<void>>();
    for (const planned of plan.nodes) {
      const before = [...planned.after].map((id) => settled.get(id));
      settled.set(
        planned.node.id,
        Promise.all(before).then(() => this.#settleNode(planned, plan.graph)),
      );
    }
    await Promise.all(settled.values());
  }

  async #settleNode(planned: PlannedNode, graph: Graph): Promise<void> {
    const inputs = this.#gather(planned);
    if (this.#signal.aborted) return this.#skip(planned, 'The run ended before its turn.', {});
    if (planned.node.disabled)
      return this.#skip(planned, 'It is disabled; what reached it was passed on.', passThrough(planned, inputs));
    const reason = skipReason(planned, inputs, graph);
    if (reason) return this.#skip(planned, reason, {});
    await this.#execute(planned, inputs);
  }

  async #execute(planned: PlannedNode, inputs: Record<string, Item[]>): Promise<void> {
    const { node } = planned;
    const { clock, meter } = this.#services;
    const startedAt = clock.now();
    const itemsIn = Math.max(0, ...Object.values(inputs).map((items) => items.length));
    const started = { ...this.#blankStep(planned), startedAt: new Date(startedAt).toISOString(), itemsIn };
    let attempts = 1;
    this.#recorder.event({ type: 'step.started', node: node.id, items: itemsIn });
    this.#recorder.step({ ...started, state: 'running' });
    try {
      // What came before must be stored before something that cannot be repeated happens.
      if (planned.registered.definition.description.effects === 'once') await this.#recorder.flush();
      const { outputs, cached, ...outcome } = await executeStep(planned, inputs, {
        services: this.#services,
        scope: { workspaceId: this.#record.workspaceId, runId: this.#record.run.id },
        expressions: this.#scope,
        find: (id) => this.#itemsById.get(id),
        limiter: this.#limiter,
        signal: this.#signal,
        tell: (event) => {
          if (event.type === 'step.retrying') attempts = Math.max(attempts, event.attempt);
          this.#recorder.event(event);
        },
      });
      if (this.#isLost()) throw this.#signal.reason;
      this.#keep(node.id, outputs);
      await meter.commit(this.#record.run.id, { node: node.id, attempt: 1 }, outcome.credits);
      this.#creditsSpent += outcome.credits;
      this.#finish({ ...started, ...outcome, outputs, state: cached ? 'cached' : 'succeeded' }, startedAt);
    } catch (error) {
      const stopped = this.#signal.aborted;
      const failure = toFailure(stopped ? this.#signal.reason : error, node.id);
      const state: StepState = stopped ? 'cancelled' : 'failed';
      this.#finish({ ...started, state, attempts, error: stopped ? null : failure }, startedAt);
      if (stopped) return;
      this.#failure ??= failure;
      // Other branches are stopped: their results would be thrown away with the run.
      this.#stop.abort(new RunStoppedError('run-cancelled', `${node.name} failed.`));
    }
  }

  #skip(planned: PlannedNode, reason: string, outputs: PortItems): void {
    this.#keep(planned.node.id, outputs);
    this.#finish({ ...this.#blankStep(planned), state: 'skipped', reason, outputs }, this.#services.clock.now());
  }

  #finish(step: Step, startedAtMs: number): void {
    const now = this.#services.clock.now();
    const { node, state, credits, error, reason, outputs } = step;
    const thumbnail = state === 'skipped' ? null : firstPicture(outputs);
    if (thumbnail) this.#recorder.cover = thumbnail;
    this.#recorder.step({ ...step, finishedAt: new Date(now).toISOString() });
    this.#recorder.event({
      ...{ type: 'step.finished', node, state, credits, error, reason, thumbnail },
      durationMs: now - startedAtMs,
      items: Object.fromEntries(Object.entries(outputs).map(([port, items]) => [port, items.length])),
    });
  }

  #keep(node: string, outputs: PortItems): void {
    this.#outputs.set(node, outputs);
    this.#itemsByName = undefined;
    for (const items of Object.values(outputs)) for (const item of items) this.#itemsById.set(item.id, item);
  }

  #gather({ wires }: PlannedNode): Record<string, Item[]> {
    return Object.fromEntries(
      [...wires].map(([port, edges]) => [
        port,
        edges.flatMap((edge) => this.#outputs.get(edge.from.node)?.[edge.from.port] ?? []),
      ]),
    );
  }

  /** Items of the first output of each settled node. Of several nodes with one name the first in the graph is meant. */
  #collectByName(): JsonObject {
    const settled = this.#record.graph.nodes.toReversed().flatMap(({ id, name }) => {
      const ports = this.#outputs.get(id);
      return ports ? [[name, { items: Object.values(ports)[0] ?? [] }]] : [];
    });
    return Object.fromEntries(settled);
  }

  #blankStep({ node }: PlannedNode): Step {
    return {
      ...{ node: node.id, name: node.name, type: node.type, state: 'pending' },
      ...{ attempts: 0, startedAt: null, finishedAt: null, itemsIn: 0, itemsFailed: 0, outputs: {}, credits: 0 },
      ...{ error: null, reason: null },
    };
  }

  #outcome(): RunOutcome {
    const common = { creditsSpent: this.#creditsSpent, cover: this.#recorder.cover };
    if (this.#failure) return { ...common, state: 'failed', error: this.#failure };
    if (!this.#signal.aborted) return { ...common, state: 'succeeded', error: null };
    const reason = this.#signal.reason;
    if (reason instanceof RunStoppedError && reason.code === 'run-cancelled')
      return { ...common, state: 'cancelled', error: null };
    return { ...common, state: 'failed', error: toFailure(reason) };
  }
}

function firstPicture(outputs: PortItems): FileRef | null {
  const files = Object.values(outputs).flatMap((items) => items.slice(0, 1).flatMap((item) => item.file ?? []));
  return files.find((file) => file.kind === 'image') ?? null;
}
