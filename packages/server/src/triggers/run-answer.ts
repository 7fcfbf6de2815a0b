import type { EventBus, RunRecord } from '@imaginarium/engine';
import {
  type Graph,
  type HookAnswer,
  type Item,
  isTerminal,
  type Json,
  type Run,
  type RunEvent,
  type Step,
} from '@imaginarium/protocol';
import type { RunList } from '../runs/run-list.ts';
import { answeringSteps, lastItems, respondedIn } from '../runs/run-result.ts';

/** Events may be lost on their way: the record is asked every so often all the same. */
const ASK_AGAIN_MS = 1000;
/** How often it is looked which callers have waited long enough: one timer serves all, for most are answered long before. */
const TICK_MS = 50;

/** Lets callers wait for runs, with one ear on the events of all of them. */
export class WaitingCallers {
  readonly #waiting = new Map<string, WaitingCaller>();
  #ticks: NodeJS.Timeout | undefined;

  constructor(bus: Pick<EventBus, 'subscribe'>) {
    bus.subscribe(
      (events, steps) => {
        const [first] = events;
        if (first) this.#waiting.get(first.runId)?.hear(events, steps);
      },
      (runId) => this.#waiting.has(runId),
    );
  }

  /** Callers that wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Begins to listen to a run that is about to be accepted, so that nothing of it is missed. Dispose of it when it is over. */
  listen(runId: string): WaitingCaller {
    const wait = new WaitingCaller(() => this.#waiting.delete(runId));
    this.#waiting.set(runId, wait);
    this.#ticks ??= setInterval(() => this.#tick(), TICK_MS);
    return wait;
  }

  #tick(): void {
    const now = Date.now();
    for (const wait of this.#waiting.values()) wait.tick(now);
    if (this.#waiting.size > 0) return;
    clearInterval(this.#ticks);
    this.#ticks = undefined;
  }
}

/** What a run's answer is made of. */
type Answering = Pick<RunRecord, 'graph' | 'steps'> & { run: Pick<Run, 'id' | 'state'> };

/** A caller who waits for a run. What the run tells in this process is enough for its answer; else the record is asked. */
class WaitingCaller implements Disposable {
  readonly #end: () => void;
  readonly #steps: Step[] = [];
  /** Which of the steps it waits for; all of them until its graph is known. */
  #answers: ((step: Step) => boolean) | undefined;
  #state: Run['state'] = 'queued';
  #heard = 0;
  /** Whether everything the run has told so far was heard here, with its steps. */
  #isWhole = true;
  /** Whether anything was heard since the record was last looked at. */
  #hasNews = false;
  #isGone = false;
  /** Ends a pause: with whether nothing was heard in it. */
  #wake: ((inSilence: boolean) => void) | undefined;
  #wakeAt = Number.POSITIVE_INFINITY;

  constructor(end: () => void) {
    this.#end = end;
  }

  hear(events: readonly RunEvent[], steps: readonly Step[] | undefined): void {
    this.#isWhole &&= steps !== undefined && events[0]?.seq === this.#heard + 1;
    this.#heard = events.at(-1)?.seq ?? this.#heard;
    this.#keep(steps ?? []);
    const last = events.at(-1);
    if (last?.type === 'run.finished') this.#state = last.state;
    this.#hasNews = true;
    this.#wake?.(false);
  }

  /** The caller went away. */
  leave(): void {
    this.#isGone = true;
    this.#wake?.(true);
  }

  /** So late is it now, in milliseconds since 1970. */
  tick(now: number): void {
    if (now >= this.#wakeAt) this.#wake?.(true);
  }

  /**
   * The answer of a run: what its Respond node says, or what its last nodes gave.
   * @returns undefined when it has none after `waitMs`, or when the caller went away.
   */
  async answer(
    { id, graph }: { id: string; graph: Graph },
    runs: Pick<RunList, 'get'>,
    { respond, waitMs }: { respond: 'end' | 'node'; waitMs: number },
  ): Promise<HookAnswer | undefined> {
    const until = Date.now() + waitMs;
    let ask = false;
    this.#answers = answeringSteps(graph);
    this.#keep(this.#steps.splice(0));
    while (!this.#isGone) {
      this.#hasNews = false;
      const heard = { run: { id, state: this.#state }, graph, steps: this.#steps };
      const record: Answering | undefined = this.#isWhole && !ask ? heard : await runs.get(id);
      const answer = record && answerIn(record, respond);
      const now = Date.now();
      if (answer || this.#isGone || now >= until) return answer;
      ask = !this.#hasNews && (await this.#pause(Math.min(until, now + ASK_AGAIN_MS)));
    }
    return undefined;
  }

  /** Waits until something is heard, the caller goes away, or it is so late. @returns whether nothing was heard. */
  #pause(until: number): Promise<boolean> {
    this.#wakeAt = until;
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  [Symbol.dispose](): void {
    this.#end();
  }

  /** What others gave may be long, and is let go of. */
  #keep(steps: readonly Step[]): void {
    for (const step of steps) if (this.#answers?.(step) ?? true) this.#steps.push(step);
  }
}

function answerIn(record: Answering, respond: 'end' | 'node'): HookAnswer | undefined {
  const { run } = record;
  if (respond === 'node') {
    const said = respondedIn(record);
    if (said) return said;
  }
  if (!isTerminal(run.state)) return undefined;
  // Why it failed is for those who may see the run.
  if (run.state !== 'succeeded') return json(500, { runId: run.id, state: run.state });
  return json(200, {
    ...{ runId: run.id, state: run.state },
    ...(respond === 'end' ? { items: lastItems(record).map(shownItem) } : {}),
  });
}

function shownItem({ value, file, fields }: Item): Json {
  return { ...(value === undefined ? {} : { value }), ...(file === undefined ? {} : { file }), fields };
}

/** An answer in JSON. */
export function json(status: number, body: Json): HookAnswer {
  return { status, contentType: 'application/json', body: JSON.stringify(body) };
}
