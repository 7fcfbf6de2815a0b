import { isTerminal, type Run } from '@imaginarium/protocol';
import type { AppDeps } from '../http/app-deps.ts';
import { HttpError } from '../http/http-error.ts';

export type CancelDeps = Pick<AppDeps, 'runStore' | 'runWaits' | 'eventBus'>;

/**
 * Asks for a run to end. One that is queued or waits ends at once, and this settles what a worker would have: the news of its end, and the runs that it started and waits for.
 * @param run as it was found in the caller's workspace.
 * @throws {HttpError} `run-not-active`.
 */
export async function cancelRun(deps: CancelDeps, run: Run): Promise<Run> {
  const { runStore, runWaits, eventBus } = deps;
  if (isTerminal(run.state)) throw new HttpError('run-not-active', `The run has ended already: it is ${run.state}.`);
  // Asked before: what it waits for is forgotten with its end.
  const children = await runWaits.listChildren(run.id);
  const cancelled = (await runStore.requestCancel(run.id)) ?? run;
  if (cancelled.state !== 'cancelled') return cancelled;
  eventBus.publish(await runStore.events(run.id, run.lastSeq));
  for (const id of children) {
    const child = await runStore.load(id);
    if (child && !isTerminal(child.run.state)) await cancelRun(deps, child.run);
  }
  return cancelled;
}
