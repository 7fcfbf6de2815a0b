import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Limiter } from './limiter.ts';

describe('Limiter', () => {
  it('runs every task once, with never more at the same time than its limit, however they arrive', async () => {
    const arrivals = fc.array(fc.record({ turns: fc.nat(4), pause: fc.nat(3) }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), arrivals, async (limit, tasks) => {
        const limiter = new Limiter(limit);
        const started: number[] = [];
        let now = 0;
        let most = 0;
        const work: Promise<void>[] = [];
        for (const [index, { turns, pause }] of tasks.entries()) {
          work.push(
            limiter.run(async () => {
              started.push(index);
              most = Math.max(most, ++now);
              for (let turn = 0; turn < turns; turn++) await Promise.resolve();
              now--;
              if (turns === 3) throw new Error('a task that fails gives its place back too');
            }),
          );
          for (let turn = 0; turn < pause; turn++) await Promise.resolve();
        }
        await Promise.allSettled(work);
        expect(started.toSorted((a, b) => a - b)).toEqual(tasks.map((_task, index) => index));
        expect(most).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('lets others work while a task rests, and never more than its limit work at the same time', async () => {
    const limiter = new Limiter(1);
    const happened: string[] = [];
    const pause = Promise.withResolvers<void>();
    const resting = limiter.run(async () => {
      happened.push('a works');
      await limiter.rest(() => pause.promise);
      happened.push('a goes on');
    });
    const others = ['b', 'c'].map((name) =>
      limiter.run(async () => {
        happened.push(`${name} works`);
        if (name === 'b') pause.resolve();
        await new Promise((resolve) => setTimeout(resolve, 5));
        happened.push(`${name} is done`);
      }),
    );
    await Promise.all([resting, ...others]);
    expect(happened).toEqual(['a works', 'b works', 'b is done', 'c works', 'c is done', 'a goes on']);
  });
});
