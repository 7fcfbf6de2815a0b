import { isTerminal, type Run } from '@imaginarium/protocol';
import type { AppDeps } from '../http/app-deps.ts';
import { HttpError } from '../http/http-error.ts';

/**
 * Asks for a run to end. A queued one ends at once, and this settles what a worker would have: its credits and the news of its end.
 * @param run as it was found in the caller's workspace.
 * @throws {HttpError} `run-not-active`.
 */
export async function cancelRun(
  { runStore, meter, eventBus }: Pick<AppDeps, 'runStore' | 'meter' | 'eventBus'>,
  run: Run,
): Promise<Run> {
  if (isTerminal(run.state)) throw new HttpError('run-not-active', `The run has ended already: it is ${run.state}.`);
  const cancelled = (await runStore.requestCancel(run.id)) ?? run;
  if (cancelled.state !== 'cancelled') return cancelled;
  await meter.release(run.id, 'cancelled before it started');
  eventBus.publish(await runStore.events(run.id, run.lastSeq));
  return cancelled;
}
