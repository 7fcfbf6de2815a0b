import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Limiter } from './limiter.ts';

describe('Limiter', () => {
  it('never lets more than its limit at once, starts in order, and uses all places there are', async () => {
    const tasks = fc.array(fc.record({ turns: fc.nat(4), fails: fc.boolean() }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), tasks, async (limit, list) => {
        const limiter = new Limiter(limit);
        const started: number[] = [];
        let [now, most] = [0, 0];
        const results = await Promise.allSettled(
          list.map(({ turns, fails }, index) =>
            limiter.run(async () => {
              started.push(index);
              most = Math.max(most, ++now);
              for (let turn = 0; turn < turns; turn++) await setImmediate();
              now--;
              if (fails) throw new Error('failed');
              return index;
            }),
          ),
        );
        expect(most).toBeLessThanOrEqual(limit);
        expect(started).toEqual(list.map((_task, index) => index));
        expect(results.map(({ status }) => status === 'rejected')).toEqual(list.map(({ fails }) => fails));
        expect(await limiter.run(async () => 'free again')).toBe('free again');
      }),
      { numRuns: 50 },
    );
  });
});
