import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inLanes } from './in-lanes.ts';

describe('inLanes', () => {
  it('gives the results in the order of the list, whatever order they come in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 600 }), async (turns) => {
        const work = async (wait: number, index: number) => {
          for (let turn = 0; turn < wait; turn++) await undefined;
          return index;
        };
        const entries = turns.map((wait, index) => [wait, index] as const);
        expect(await inLanes(entries, ([wait, index]) => work(wait, index))).toEqual(entries.map(([, index]) => index));
      }),
      { numRuns: 30 },
    );
  });

  it('waits for what was begun before it throws the first failure, and begins nothing more', async () => {
    const begun: number[] = [];
    let ended = 0;
    const entries = Array.from({ length: 1000 }, (_, index) => index);
    const all = inLanes(entries, async (index) => {
      begun.push(index);
      await new Promise((resolve) => setTimeout(resolve, index === 3 ? 1 : 20));
      ended++;
      if (index === 3 || index === 7) throw new Error(`entry ${index}`);
    });
    await expect(all).rejects.toThrow('entry 3');
    expect(ended).toBe(begun.length);
    expect(begun.length).toBeLessThan(1000);
  });
});
