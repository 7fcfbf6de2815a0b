import type { Clock } from '@imaginarium/engine';
import type { Logger } from 'pino';
import { asLastingRefusal } from '../http/known-errors.ts';
import { newId } from '../new-id.ts';
import { RepeatedLook } from '../repeated-look.ts';
import { nextTick } from './schedule-times.ts';
import { startRun, type TriggerRunDeps } from './start-run.ts';
import type { StoredTrigger, TriggerStore } from './trigger-store.ts';

/** How often due schedules are looked for. */
const LOOK_MS = 1000;
/** A tick this late was missed: no server was there. */
const MISSED_MS = 60_000;
/** Schedules started in one look; the rest follow in the next. */
const AT_ONCE = 100;

export interface SchedulerDeps extends TriggerRunDeps {
  triggers: TriggerStore;
  /** The same for all servers, so that none starts a tick before its time. */
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}

/**
 * Starts the runs of schedules. Every server has one: a tick is known by its time, so that it starts one run however many servers see it,
 * and a server that dies in the middle leaves the tick to the next.
 */
export class Scheduler {
  readonly #deps: SchedulerDeps;
  readonly #looks = new RepeatedLook(() => this.look(new Date(this.#deps.clock.now())), LOOK_MS);

  constructor(deps: SchedulerDeps) {
    this.#deps = deps;
  }

  /** Looks for due schedules until it is stopped. */
  start(): void {
    this.#looks.start();
  }

  /** Resolves when nothing is being started any more. */
  stop(): Promise<void> {
    return this.#looks.stop();
  }

  /** Starts what is due. Never rejects: what failed for a reason that may pass is tried again in the next look. */
  async look(now: Date): Promise<void> {
    const { triggers, logger } = this.#deps;
    try {
      for (const trigger of await triggers.due(now.toISOString(), AT_ONCE)) await this.#tick(trigger, now);
    } catch (error) {
      logger.error({ err: error }, 'schedules could not be started');
    }
  }

  async #tick(trigger: StoredTrigger, now: Date): Promise<void> {
    const { settings, nextAt: at } = trigger;
    if (settings.kind !== 'schedule' || at === null) return;
    const late = now.getTime() - Date.parse(at) > MISSED_MS;
    if (!late || settings.missed === 'once') await this.#startRun(trigger, { at, late });
    // A clock that is behind must not find the same tick again.
    const from = new Date(Math.max(now.getTime(), Date.parse(at)));
    await this.#deps.triggers.advance(trigger.id, at, nextTick(settings, from)?.toISOString() ?? null);
  }

  async #startRun(trigger: StoredTrigger, brought: { at: string; late: boolean }): Promise<void> {
    const { workflowId, node } = trigger;
    try {
      await startRun(this.#deps, trigger, { id: newId(), brought, cause: `tick:${workflowId}:${node}:${brought.at}` });
    } catch (error) {
      // What is refused now is refused at every try: only the next tick may go better.
      if (!asLastingRefusal(error)) throw error;
      this.#deps.logger.warn({ err: error, workflowId, node }, 'a schedule started no run');
    }
  }
}
