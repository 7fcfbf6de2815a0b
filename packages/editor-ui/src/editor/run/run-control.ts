import { ApiError, type Client } from '@imaginarium/client';
import { isTerminal, type JsonObject, type RunDetail, type RunEvent, type Step } from '@imaginarium/protocol';
import { freshRun } from '../../api/fresh-run.ts';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import type { EditorStore } from '../store/editor-store.ts';
import { pickedFrom } from './iterations.ts';
import { viewOfNewRun, viewOfRun } from './run-view.ts';

/** Most steps that the API lists with one call. */
const STEPS_AT_ONCE = 200;

/** What goes wrong is said under one of these titles. */
export type RunTrouble = 'start' | 'unsaved' | 'cancel' | 'load';

export interface RunControlOptions {
  client: Pick<Client, 'call' | 'live'>;
  store: EditorStore;
  /** Saves the draft. @returns whether the server now has it. */
  flush(): Promise<boolean>;
  onTrouble(trouble: RunTrouble, error: unknown): void;
  /** A run has begun or ended: lists of runs are out of date. */
  onChange?(): void;
  /** How long outputs of steps are gathered before they are fetched, in milliseconds. Default 400. */
  gatherMs?: number;
}

/** The nodes at which a run of a part ends or begins, and what it may cost at most: the price that somebody was shown for it. */
export interface RunnablePart {
  until?: string;
  from?: string;
  maxCredits?: number | undefined;
}

/** Starts runs of the open workflow, follows one of them live, and shows earlier ones. */
export class RunControl {
  readonly #options: RunControlOptions;
  #followed: { runId: string; stop: () => void } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The run that is shown, as it was fetched last. */
  #fetched: RunDetail | undefined;

  constructor(options: RunControlOptions) {
    this.#options = options;
  }

  /**
   * Runs the draft as it stands, once it is saved.
   * @param inputs what the run was asked with.
   * @param part where it begins or ends; what comes before its first node is taken from the run that is shown.
   */
  async start(inputs?: JsonObject, part: RunnablePart = {}): Promise<void> {
    const { client, store, flush, onTrouble, onChange } = this.#options;
    if (store.getState().runPending || isRunning(store)) return;
    if (part.from !== undefined && !store.getState().run) return;
    store.getState().setRunPending('start');
    try {
      // Read before the draft is saved: a price that comes in meanwhile was never looked at.
      const agreed = inputs ? {} : agreedPrice(store, part);
      if (!(await flush())) return onTrouble('unsaved', undefined);
      const { workflowId, graph, run: shown } = store.getState();
      const from = part.from === undefined || !shown ? {} : { from: { runId: shown.run.id, node: part.from } };
      const until = part.until === undefined ? {} : { until: part.until };
      const run = await client.call(
        'startRun',
        { params: { id: workflowId }, body: { ...(inputs ? { inputs } : {}), ...until, ...from, ...agreed } },
        { idempotencyKey: newIdempotencyKey() },
      );
      const nodes = graph.nodes.filter((node) => !node.disabled);
      store.getState().showRun(viewOfNewRun(run, nodes));
      store.getState().setDrawer(true, 'results');
      this.#follow(run.id, 0);
      onChange?.();
    } catch (error) {
      onTrouble('start', error);
      if (error instanceof ApiError && error.code === 'price-changed') await this.#quoteAgain();
    } finally {
      store.getState().setRunPending(null);
    }
  }

  /** Cancels the run that is shown. */
  async cancel(): Promise<void> {
    const { client, store, onTrouble } = this.#options;
    const run = store.getState().run?.run;
    if (!run || isTerminal(run.state)) return;
    store.getState().setRunPending('cancel');
    try {
      await client.call('cancelRun', { params: { id: run.id } });
    } catch (error) {
      onTrouble('cancel', error);
    } finally {
      store.getState().setRunPending(null);
    }
  }

  /** Shows a run on the canvas, and follows it while it is not over. */
  async show(runId: string): Promise<void> {
    const { client, store, onTrouble } = this.#options;
    try {
      const [detail, { events }] = await Promise.all([
        client.call('getRun', { params: { id: runId } }),
        client.call('listRunEvents', { params: { id: runId } }),
      ]);
      this.#unfollow();
      this.#fetched = detail;
      store.getState().showRun(viewOfRun(detail));
      // What the run said before it was fetched is only in the events; what happened since moves the view on.
      const earlier = events.filter((event) => event.seq <= detail.lastSeq);
      store.getState().addEarlier(runId, earlier);
      store.getState().receive(runId, events);
      if (isTerminal(detail.state)) return;
      store.getState().setDrawer(true);
      this.#follow(runId, store.getState().run?.lastSeq ?? 0);
    } catch (error) {
      onTrouble('load', error);
    }
  }

  /** Looks at one iteration of a loop in the run that is shown, or with null at all of them. */
  async look(loop: string, iteration: string | null): Promise<void> {
    const { store, onTrouble } = this.#options;
    const runId = store.getState().run?.run.id;
    if (runId === undefined) return;
    if (iteration === null) return store.getState().pickIteration(runId, loop, null);
    try {
      const steps = await this.#stepsOf(runId, iteration);
      store.getState().pickIteration(runId, loop, pickedFrom(iteration, steps));
    } catch (error) {
      onTrouble('load', error);
    }
  }

  /** Finds the last run of the workflow again: after a reload in mid-run it goes on where it is. */
  async resume(): Promise<void> {
    const { client, store } = this.#options;
    const { workflowId } = store.getState();
    const { runs } = await client.call('listRuns', { query: { workflowId, limit: 1 } });
    const [last] = runs;
    if (last && !store.getState().run) await this.show(last.id);
  }

  /** Stops following; the run itself goes on. */
  stop(): void {
    this.#unfollow();
  }

  #follow(runId: string, after: number): void {
    this.#unfollow();
    const { client, store } = this.#options;
    const stop = client.live.watchRun(runId, after, (events) => {
      store.getState().receive(runId, events);
      this.#heard(runId, events);
    });
    this.#followed = { runId, stop };
  }

  #heard(runId: string, events: readonly RunEvent[]): void {
    const ended = events.some((event) => event.type === 'run.finished');
    if (ended) {
      this.#unfollow();
      this.#options.onChange?.();
      void this.#fetchOutputs(runId);
    } else if (events.some((event) => event.type === 'step.finished')) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        void this.#fetchOutputs(runId);
      }, this.#options.gatherMs ?? 400);
    }
  }

  async #fetchOutputs(runId: string): Promise<void> {
    const { client, store, onTrouble } = this.#options;
    try {
      const known = this.#fetched?.id === runId ? this.#fetched : undefined;
      const detail = known ? await freshRun(client, known) : await client.call('getRun', { params: { id: runId } });
      // A slower answer than the next one's knows less.
      if (this.#fetched?.id === runId && this.#fetched.cursor > detail.cursor) return;
      this.#fetched = detail;
      store.getState().refreshRun(runId, detail);
      await this.#refetchPicked(runId);
    } catch (error) {
      onTrouble('load', error);
    }
  }

  /** Brings the iterations that are looked at up to date: what their steps gave is in no event. */
  async #refetchPicked(runId: string): Promise<void> {
    const { store } = this.#options;
    for (const [loop, { iteration }] of Object.entries(store.getState().run?.picked ?? {})) {
      const steps = await this.#stepsOf(runId, iteration);
      // Somebody may look at another one by now.
      if (store.getState().run?.picked[loop]?.iteration === iteration)
        store.getState().pickIteration(runId, loop, pickedFrom(iteration, steps));
    }
  }

  async #stepsOf(runId: string, iteration: string): Promise<Step[]> {
    const steps: Step[] = [];
    for (;;) {
      const query = { iteration, skip: steps.length, limit: STEPS_AT_ONCE };
      const page = await this.#options.client.call('listRunSteps', { params: { id: runId }, query });
      steps.push(...page.steps);
      if (page.steps.length === 0 || steps.length >= page.total) return steps;
    }
  }

  /** Shows the price that a run was refused for, so that the next press agrees to it. */
  async #quoteAgain(): Promise<void> {
    const { client, store } = this.#options;
    const params = { id: store.getState().workflowId };
    store.getState().setQuote(await client.call('quoteRun', { params, body: {} }).catch(() => null));
  }

  #unfollow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#followed?.stop();
    this.#followed = undefined;
  }
}

/**
 * The price that stood on the Run button or beside the part, where somebody pays. The one on the button is that of the whole workflow with
 * its own inputs: a part, or other inputs, may cost something else. Where nobody knows the most it may come to, nothing was agreed to.
 */
function agreedPrice(store: EditorStore, { from, until, maxCredits }: RunnablePart): { maxCredits?: number } {
  const { quote } = store.getState();
  if (maxCredits !== undefined) return { maxCredits };
  if (!quote?.wallet || from !== undefined || until !== undefined) return {};
  return quote.most === null ? {} : { maxCredits: quote.most };
}

function isRunning(store: EditorStore): boolean {
  const state = store.getState().run?.run.state;
  return state !== undefined && !isTerminal(state);
}
