import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextTick, timesProblem } from './schedule-times.ts';

/** The next ticks after a moment. */
function ticks(cron: string, timeZone: string, after: string, count: number): (string | undefined)[] {
  const found: (string | undefined)[] = [];
  let from: Date | null = new Date(after);
  for (let at = 0; at < count && from; at += 1) {
    from = nextTick({ cron, timeZone }, from);
    found.push(from?.toISOString());
  }
  return found;
}

describe('the times of a schedule', () => {
  test('keep to the clock on the wall when it is changed', () => {
    expect(ticks('0 9 * * *', 'Europe/Berlin', '2026-03-28T00:00:00Z', 3)).toEqual([
      '2026-03-28T08:00:00.000Z',
      '2026-03-29T07:00:00.000Z',
      '2026-03-30T07:00:00.000Z',
    ]);
  });

  test('that spring leaves out come once that day, at the next time there is', () => {
    expect(ticks('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
  });

  test('that autumn repeats come once', () => {
    expect(ticks('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  test('come once each day, wherever and whenever clocks are changed', () => {
    // Half an hour, at midnight, in either half of the world, at a quarter to three.
    const zones = ['Australia/Lord_Howe', 'America/Santiago', 'Africa/Cairo', 'America/St_Johns', 'Pacific/Chatham'];
    const minute = fc.integer({ min: 0, max: 1439 });
    const day = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2029-01-01') });
    fc.assert(
      fc.property(fc.constantFrom(...zones), minute, day, (timeZone, at, from) => {
        const cron = `${at % 60} ${Math.floor(at / 60)} * * *`;
        const found = ticks(cron, timeZone, new Date(from).toISOString(), 200).map((tick) => Date.parse(tick ?? ''));
        const apart = found.slice(1).map((tick, index) => (tick - (found[index] ?? 0)) / 3_600_000);
        expect([Math.min(...apart) > 22.4, Math.max(...apart) < 25.6]).toEqual([true, true]);
      }),
      { numRuns: 30 },
    );
  });

  test('are in the zone that is asked for, half hours and all', () => {
    expect(ticks('0 9 * * 1-5', 'Asia/Kolkata', '2026-03-06T12:00:00Z', 1)).toEqual(['2026-03-09T03:30:00.000Z']);
    expect(ticks('0 0 29 2 *', 'UTC', '2026-03-01T00:00:00Z', 1)).toEqual(['2028-02-29T00:00:00.000Z']);
  });

  test('are refused where two are less than ten seconds apart', () => {
    const problem = (cron: string) => timesProblem({ cron, timeZone: 'UTC' }, new Date('2026-01-01T00:00:30Z'))?.path;
    expect(['* * * * * *', '*/9 * * * * *', '0,55 * * * * *', '1-2 0 * * * *'].map(problem)).toEqual([
      'cron',
      'cron',
      'cron',
      'cron',
    ]);
    expect(['*/10 * * * * *', '* * * * *', '@daily'].map(problem)).toEqual([undefined, undefined, undefined]);
  });
});
