import type { RunEventBody, Step } from '@imaginarium/protocol';
import { RunHandedOverError, RunStoppedError } from '../call/failure.ts';
import type { RunServices } from '../call/services.ts';
import { isoMoment } from '../limits/iso-moment.ts';
import type { Limiter } from '../limits/limiter.ts';
import { type EarlierSteps, pictureOf } from '../plan/earlier-steps.ts';
import type { RunRecord, StepPart } from '../ports/run-store.ts';
import type { RunAccount } from './run-account.ts';
import type { RunRecorder } from './run-recorder.ts';
import type { WaitingSteps } from './waiting-steps.ts';

/** What all walks through one run share, inside its loops and outside of them. */
export interface RunWork {
  readonly record: RunRecord;
  readonly services: RunServices;
  readonly recorder: RunRecorder;
  readonly limiter: Limiter;
  readonly earlier: EarlierSteps;
  readonly waiting: WaitingSteps;
  /** What earlier workers wrote down of single calls, by the key of their step. */
  readonly parts: ReadonlyMap<string, StepPart[]>;
  /** Aborted when the run ends before its time, or becomes somebody else's. */
  readonly signal: AbortSignal;
  readonly account: RunAccount;
}

/** Whether the run is somebody else's by now, or will be. */
export function isLost({ signal }: Pick<RunWork, 'signal'>): boolean {
  return signal.aborted && !(signal.reason instanceof RunStoppedError);
}

/** Whether the run is let go with all that is finished stored. */
export function isHandedOver({ signal }: Pick<RunWork, 'signal'>): boolean {
  return signal.aborted && signal.reason instanceof RunHandedOverError;
}

/** @throws what the run was lost by, unless it is let go: what it finishes is stored then. */
export function throwIfLost(work: Pick<RunWork, 'signal'>): void {
  if (isLost(work) && !isHandedOver(work)) throw work.signal.reason;
}

/** Writes down how a step ended, and tells it. @param step belongs to the record from then on. */
export function finishStep(work: RunWork, step: Step, startedAtMs: number): void {
  const { recorder, waiting, services } = work;
  const now = services.clock.now();
  const thumbnail = pictureOf(step);
  if (thumbnail) recorder.cover = thumbnail;
  step.finishedAt = isoMoment(now);
  recorder.step(step);
  if (waiting.any && waiting.remove(step)) recorder.park(waiting.toParked());
  tellEnd(work, step, { now, durationMs: now - startedAtMs });
}

type BodyOf<Type extends RunEventBody['type']> = Extract<RunEventBody, { type: Type }>;

/** Tells that a step begins. As with its end, events have one shape outside of loops, where most steps are: such are made and written faster. @param now milliseconds since 1970. */
export function tellBegin(
  { recorder }: Pick<RunWork, 'recorder'>,
  { node, iteration, itemsIn: items }: Step,
  now: number,
): void {
  const event: BodyOf<'step.started'> = { type: 'step.started', node, items };
  if (iteration !== '') event.iteration = iteration;
  recorder.event(event, now);
}

/** @param now milliseconds since 1970. */
export function tellEnd(
  { recorder }: Pick<RunWork, 'recorder'>,
  step: Step,
  { now, durationMs }: { now: number; durationMs: number },
): void {
  const { node, iteration, state, credits, error, reason, outputs } = step;
  const items: Record<string, number> = {};
  for (const port in outputs) items[port] = outputs[port]?.length ?? 0;
  const thumbnail = pictureOf(step);
  const event: BodyOf<'step.finished'> = {
    type: 'step.finished',
    node,
    state,
    credits,
    error,
    reason,
    thumbnail,
    durationMs,
    items,
  };
  if (iteration !== '') event.iteration = iteration;
  recorder.event(event, now);
}

/** How events name a step: the iteration is left out outside of loops. */
export function placeOf({ node, iteration }: { node: string; iteration: string }): {
  node: string;
  iteration?: string;
} {
  return iteration === '' ? { node } : { node, iteration };
}

/** Ends what waits in an iteration that came to nothing: nobody will ask for it any more. */
export function cancelWaitingIn(work: RunWork, iteration: string): void {
  const now = work.services.clock.now();
  for (const step of work.waiting.steps)
    if (step.iteration === iteration || step.iteration.startsWith(`${iteration}/`))
      finishStep(work, { ...step, state: 'cancelled' }, now);
}
