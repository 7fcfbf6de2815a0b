import { Cron } from 'croner';
import type { ScheduleSettings } from './trigger-settings.ts';

/** Two ticks of one schedule are at least this far apart. */
const FLOOR_MS = 10_000;
/** Ticks that are looked at to find two that are too close: more than one minute of seconds, and more than one hour of minutes. */
const LOOKED_AT = 100;

type Times = Pick<ScheduleSettings, 'cron' | 'timeZone'>;

/**
 * The first tick after a moment. A time that a change of clocks leaves out comes at the next that exists; one that it repeats comes once.
 * @returns null when there is none any more.
 */
export function nextTick({ cron, timeZone }: Times, after: Date): Date | null {
  return new Cron(cron, { timezone: timeZone }).nextRun(after);
}

/** What is wrong with the times of a schedule, and what to do; undefined when they can be kept. */
export function timesProblem(times: Times, now: Date): { path: 'cron' | 'timeZone'; message: string } | undefined {
  try {
    new Intl.DateTimeFormat('en', { timeZone: times.timeZone });
  } catch {
    return {
      path: 'timeZone',
      message: `expected a time zone such as Europe/Berlin or UTC, received "${times.timeZone}".`,
    };
  }
  try {
    const ticks = new Cron(times.cron, { timezone: times.timeZone }).nextRuns(LOOKED_AT, now);
    if (ticks.length === 0) return { path: 'cron', message: `"${times.cron}" never comes.` };
    const close = ticks.findIndex((tick, at) => at > 0 && tick.getTime() - Number(ticks[at - 1]) < FLOOR_MS);
    if (close > 0)
      return {
        path: 'cron',
        message: `expected times at least ${FLOOR_MS / 1000} seconds apart, received "${times.cron}".`,
      };
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    return { path: 'cron', message: `expected cron such as "0 9 * * 1-5", received "${times.cron}": ${reason}` };
  }
}
