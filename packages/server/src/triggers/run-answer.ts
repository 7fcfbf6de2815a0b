import type { EventBus, RunRecord } from '@imaginarium/engine';
import { type HookAnswer, type Item, isTerminal, type Json } from '@imaginarium/protocol';
import type { RunList } from '../runs/run-list.ts';
import { lastItems, respondedIn } from '../runs/run-result.ts';

/** Events may be lost on their way: the record is asked every so often all the same. */
const ASK_AGAIN_MS = 1000;

/** Lets callers wait for runs, with one ear on the events of all of them. */
export class WaitingCallers {
  readonly #waiting = new Map<string, () => void>();

  constructor(bus: Pick<EventBus, 'subscribe'>) {
    bus.subscribe((events) => {
      for (const { runId, type } of events)
        if (type === 'run.finished' || type === 'step.finished') this.#waiting.get(runId)?.();
    });
  }

  /** Callers that wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /**
   * The answer of a run: what its Respond node says, or what its last nodes gave.
   * @returns undefined when it has none after `waitMs`, or when the caller went away.
   */
  async answerOf(
    runs: Pick<RunList, 'get'>,
    runId: string,
    { respond, waitMs, signal }: { respond: 'end' | 'node'; waitMs: number; signal: AbortSignal },
  ): Promise<HookAnswer | undefined> {
    const until = Date.now() + waitMs;
    try {
      while (!signal.aborted) {
        const happened = new Promise<void>((resolve) => this.#waiting.set(runId, resolve));
        const record = await runs.get(runId);
        const answer = record && answerIn(record, respond);
        const left = until - Date.now();
        if (answer || left <= 0) return answer;
        await oneOf(happened, Math.min(left, ASK_AGAIN_MS), signal);
      }
      return undefined;
    } finally {
      this.#waiting.delete(runId);
    }
  }
}

function answerIn(record: RunRecord, respond: 'end' | 'node'): HookAnswer | undefined {
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

function oneOf(happened: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    void happened.then(done);
  });
}
