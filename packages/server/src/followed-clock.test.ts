import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FollowedClock } from './followed-clock.ts';

/** A clock to follow, and time that passes only when it is told to. */
function world({ start = 1_000_000, onTheWay = [0, 0] as readonly [number, number] } = {}) {
  let steady = 0;
  let set = start;
  const pass = (ms: number) => {
    steady += ms;
  };
  const read = async () => {
    pass(onTheWay[0]);
    const time = set + steady;
    pass(onTheWay[1]);
    return time;
  };
  return {
    clock: new FollowedClock(read, () => steady),
    pass,
    setBy: (ms: number) => {
      set += ms;
    },
    truth: () => set + steady,
  };
}

describe('FollowedClock', () => {
  it('goes by the clock of this machine until it has asked, and by the other one from then on', async () => {
    const { clock, pass, truth } = world();
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
    await clock.ask();
    expect(clock.now()).toBe(truth());
    pass(123_456);
    expect(clock.now()).toBe(truth());
  });

  it('is never further from the other clock than the way there took, however slow the ways are', async () => {
    const way = fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 5000 }));
    const asks = fc.array(way, { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(asks, async (ways) => {
        const [first = [0, 0], ...later] = ways;
        const onTheWay: [number, number] = [...first];
        const { clock, truth } = world({ onTheWay });
        let shortest = Number.POSITIVE_INFINITY;
        for (const [there, back] of [first, ...later]) {
          [onTheWay[0], onTheWay[1]] = [there, back];
          await clock.ask();
          shortest = Math.min(shortest, there + back);
          expect(Math.abs(clock.now() - truth())).toBeLessThanOrEqual(shortest + 21);
        }
      }),
    );
  });

  it('follows when the other clock is set, and goes on by what it knew while that cannot be asked', async () => {
    const { clock, pass, setBy, truth } = world();
    await clock.ask();
    setBy(-3_600_000);
    await clock.ask();
    expect(clock.now()).toBe(truth());
    const away = new FollowedClock(() => Promise.reject(new Error('The database is away.')));
    await expect(away.ask()).rejects.toThrow('away');
    pass(1000);
    expect(Math.abs(away.now() - Date.now())).toBeLessThan(1000);
  });

  it('leaves what is too small to matter, so that times do not go back for it', async () => {
    const { clock, setBy } = world();
    await clock.ask();
    const before = clock.now();
    setBy(-15);
    await clock.ask();
    expect(clock.now()).toBe(before);
  });
});
