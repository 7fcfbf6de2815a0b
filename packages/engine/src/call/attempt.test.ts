import { NonRetryableError, RetryLaterError } from '@imaginarium/node-sdk';
import type { NodePolicy } from '@imaginarium/protocol';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Clock } from '../ports/clock.ts';
import { NodeCrashError } from '../ports/node-executor.ts';
import { type AttemptOptions, attempt } from './attempt.ts';
import { StepTimeoutError } from './failure.ts';

/** A clock whose sleeps take no time and are written down. */
function aClock(): Clock & { slept: number[] } {
  const slept: number[] = [];
  return { slept, now: () => 0, sleep: async (ms) => void slept.push(ms) };
}

const options = (policy: NodePolicy | undefined, changes: Partial<AttemptOptions> = {}): AttemptOptions => ({
  policy,
  clock: aClock(),
  signal: new AbortController().signal,
  onRetry: () => undefined,
  ...changes,
});

describe('attempt', () => {
  it('tries once without a policy', async () => {
    const task = vi.fn(async () => Promise.reject(new Error('no')));
    await expect(attempt(task, options(undefined))).rejects.toThrow('no');
    expect(task).toHaveBeenCalledTimes(1);
  });

  it('tries until it succeeds, waits longer each time, and tells before each further attempt', async () => {
    const clock = aClock();
    const told: unknown[] = [];
    const task = async (_signal: AbortSignal, count: number) => {
      if (count < 4) throw new Error(`no ${count}`);
      return 'yes';
    };
    const policy = { retry: { attempts: 5, backoffMs: 100, factor: 3, jitter: false } };
    const onRetry = (...args: unknown[]) => told.push(args);
    expect(await attempt(task, options(policy, { clock, onRetry }))).toBe('yes');
    expect(clock.slept).toEqual([100, 300, 900]);
    expect(told).toEqual([
      [2, 100, new Error('no 1')],
      [3, 300, new Error('no 2')],
      [4, 900, new Error('no 3')],
    ]);
  });

  it('throws the last error when the attempts are used up', async () => {
    const policy = { retry: { attempts: 3, backoffMs: 0, factor: 1, jitter: false } };
    const task = async (_signal: AbortSignal, count: number) => Promise.reject(new Error(`no ${count}`));
    await expect(attempt(task, options(policy))).rejects.toThrow('no 3');
  });

  it('takes up to half of each pause off at random, never adds to it, and never waits beyond six hours', async () => {
    const retry = fc.record({
      attempts: fc.integer({ min: 2, max: 20 }),
      backoffMs: fc.integer({ min: 0, max: 3_600_000 }),
      factor: fc.integer({ min: 1, max: 10 }),
    });
    await fc.assert(
      fc.asyncProperty(retry, fc.double({ min: 0, max: 1, noNaN: true }), async (policy, random) => {
        const clock = aClock();
        const failing = options({ retry: { ...policy, jitter: true } }, { clock, random: () => random });
        await attempt(async () => Promise.reject(new Error('no')), failing).catch(() => undefined);
        expect(clock.slept).toHaveLength(policy.attempts - 1);
        for (const [index, delay] of clock.slept.entries()) {
          const full = Math.min(policy.backoffMs * policy.factor ** index, 6 * 3_600_000);
          expect(delay).toBeGreaterThanOrEqual(Math.floor(full / 2));
          expect(delay).toBeLessThanOrEqual(Math.ceil(full));
        }
      }),
    );
  });

  it('waits as long as a service asked for, even if that is longer', async () => {
    const clock = aClock();
    const policy = { retry: { attempts: 3, backoffMs: 50, factor: 1, jitter: false } };
    const task = async (_signal: AbortSignal, count: number) => {
      throw new RetryLaterError({ afterMs: count === 1 ? 2000 : 10 });
    };
    await expect(attempt(task, options(policy, { clock }))).rejects.toThrow(RetryLaterError);
    expect(clock.slept).toEqual([2000, 50]);
  });

  it.each([
    [new NonRetryableError('never'), 1],
    [new NodeCrashError('memory', 'too much'), 1],
    [new NodeCrashError('crash', 'gone'), 3],
    [new Error('again'), 3],
    ['thrown text', 3],
  ])('of %s makes %i attempts of three', async (error, attempts) => {
    const task = vi.fn(async () => Promise.reject(error));
    const policy = { retry: { attempts: 3, backoffMs: 0, factor: 1, jitter: true } };
    await expect(attempt(task, options(policy))).rejects.toBe(error);
    expect(task).toHaveBeenCalledTimes(attempts);
  });

  it('aborts an attempt that takes too long, and tries again with a new signal', async () => {
    const policy = { timeoutMs: 20, retry: { attempts: 2, backoffMs: 0, factor: 1, jitter: false } };
    const aborted = async (signal: AbortSignal, count: number) => {
      if (count === 2) return `fresh: ${!signal.aborted}`;
      return new Promise<string>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('some words of the library')));
      });
    };
    expect(await attempt(aborted, options(policy))).toBe('fresh: true');
    const once = options({ timeoutMs: 20 });
    await expect(attempt(aborted, once)).rejects.toThrow(StepTimeoutError);
    await expect(attempt(aborted, once)).rejects.toThrow('It took longer than its limit of 0.02 s.');
  });

  it('keeps to a limit of 30 days, which no single timer can hold', async () => {
    const slow = async () => new Promise((resolve) => setTimeout(resolve, 30, 'done'));
    expect(await attempt(slow, options({ timeoutMs: 2_592_000_000 }))).toBe('done');
  });

  it('stops trying when the run is stopped, with the reason of that', async () => {
    const run = new AbortController();
    const task = vi.fn(async () => {
      run.abort(new Error('cancelled'));
      throw new Error('no');
    });
    const policy = { retry: { attempts: 5, backoffMs: 0, factor: 1, jitter: false } };
    await expect(attempt(task, options(policy, { signal: run.signal }))).rejects.toThrow('cancelled');
    expect(task).toHaveBeenCalledTimes(1);
  });

  it.each([
    [2000, 'is slept through where it is', []],
    [2001, 'gives its place to others', [2001]],
    [60_000, 'gives its place to others', [60_000]],
  ])('lets a pause of %i ms be one that %s', async (backoffMs, _what, rested) => {
    const clock = aClock();
    const rests: number[] = [];
    const rest = async <Value>(sleep: () => Promise<Value>): Promise<Value> => {
      const value = await sleep();
      rests.push(clock.slept.at(-1) ?? 0);
      return value;
    };
    const policy = { retry: { attempts: 2, backoffMs, factor: 1, jitter: false } };
    const task = async (_signal: AbortSignal, count: number) => (count === 2 ? 'yes' : Promise.reject(new Error('no')));
    expect(await attempt(task, options(policy, { clock, rest, mayWait: true }))).toBe('yes');
    expect([clock.slept, rests]).toEqual([[backoffMs], rested]);
  });

  it('leaves longer pauses to whoever can wait without a worker, and sleeps where nobody can', async () => {
    const clock = aClock();
    const policy = { retry: { attempts: 3, backoffMs: 60_001, factor: 1, jitter: false } };
    const task = async () => Promise.reject(new Error('no'));
    const waits = attempt(task, options(policy, { clock, first: 2, mayWait: true }));
    await expect(waits).rejects.toMatchObject({
      request: { kind: 'retry', attempt: 3, afterMs: 60_001, message: 'no' },
    });
    expect(clock.slept).toEqual([]);
    await expect(attempt(task, options(policy, { clock, first: 2 }))).rejects.toThrow('no');
    expect(clock.slept).toEqual([60_001]);
  });
});
