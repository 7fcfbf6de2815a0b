import { RunStoppedError } from '../call/failure.ts';
import { abortAfter } from '../limits/abort-after.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunRecord } from '../ports/run-store.ts';

const DEFAULT_RUN_TIMEOUT_MS = 30 * 60_000;

/**
 * Aborts a controller when a run has taken longer than its settings allow, counted from its first start, however many workers it had. While
 * it waits it takes no time.
 * @returns what calls it off.
 */
export function limitRunTime({ run, graph, parked }: RunRecord, clock: Clock, controller: AbortController): () => void {
  const timeoutMs = graph.settings.timeoutMs ?? DEFAULT_RUN_TIMEOUT_MS;
  const rested = parked !== undefined && parked.workedMs > 0;
  const spentMs = rested
    ? parked.workedMs
    : run.startedAt === null
      ? 0
      : Math.max(0, clock.now() - Date.parse(run.startedAt));
  const reason = () =>
    new RunStoppedError('run-timeout', `The run took longer than its limit of ${timeoutMs / 1000} s.`);
  if (spentMs < timeoutMs) return abortAfter(timeoutMs - spentMs, controller, reason);
  controller.abort(reason());
  return () => undefined;
}
