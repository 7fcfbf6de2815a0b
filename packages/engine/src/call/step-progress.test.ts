import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StepNews, StepProgress } from './step-progress.ts';

/** A step under way on a virtual clock, and what it tells. */
function aStep(works: readonly number[]) {
  const clock = { ms: 1_000_000 };
  const told: (StepNews & { at: number })[] = [];
  const progress = new StepProgress({
    calls: works.length,
    works: () => Float64Array.from(works),
    now: () => clock.ms,
    tell: (news) => told.push({ ...news, at: clock.ms }),
  });
  const last = () => {
    const { at: _at, ...news } = told.at(-1) ?? { at: 0, progress: Number.NaN };
    return news;
  };
  return { clock, told, progress, last };
}

interface Photo {
  /** Million pixels. */
  size: number;
  tiles: number;
}

/** Of an icon to what a good camera takes; tiles are of one size. */
const photos = fc.array(
  fc.double({ min: 0.05, max: 24, noNaN: true }).map((size): Photo => ({ size, tiles: Math.ceil(size / 0.15) })),
  { minLength: 1, maxLength: 50 },
);
const lanes = fc.integer({ min: 1, max: 10 });
/** What a million pixels take on a machine that does nothing else, in milliseconds. */
const pace = fc.integer({ min: 2000, max: 60_000 });

/**
 * Works through photos tile by tile, so many at once, on a machine whose pace is shared by those at work and never quite the same.
 * @param failing what becomes of a photo after so many of its tiles.
 */
function workThrough(all: readonly Photo[], atOnce: number, msPerPixels: number, failing: (photo: number) => number) {
  const { clock, told, progress } = aStep(all.map(({ size }) => size));
  const waiting = all.keys();
  const atWork = new Map<number, { photo: number; done: number; readyMs: number }>();
  let seed = 1;
  const noise = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return 0.9 + (0.2 * seed) / 2_147_483_647;
  };
  let longestMs = 0;
  const tileMs = ({ size, tiles }: Photo, sharing: number) => {
    const ms = (size / tiles) * msPerPixels * noise() * sharing;
    longestMs = Math.max(longestMs, ms);
    return ms;
  };
  const begin = (lane: number) => {
    const { value: photo, done } = waiting.next();
    atWork.delete(lane);
    if (done) return;
    progress.begin(photo);
    progress.report(photo, 0);
    atWork.set(lane, { photo, done: 0, readyMs: clock.ms + tileMs(all[photo] as Photo, atWork.size + 1) });
  };
  const beganMs = clock.ms;
  for (let lane = 0; lane < atOnce; lane++) begin(lane);
  while (atWork.size > 0) {
    const [lane, next] = [...atWork].toSorted(([, a], [, b]) => a.readyMs - b.readyMs)[0] as [
      number,
      { photo: number; done: number; readyMs: number },
    ];
    const photo = all[next.photo] as Photo;
    clock.ms = next.readyMs;
    next.done++;
    if (next.done >= failing(next.photo)) progress.end(next.photo, false);
    else progress.report(next.photo, next.done / photo.tiles);
    if (next.done < Math.min(photo.tiles, failing(next.photo))) next.readyMs = clock.ms + tileMs(photo, atWork.size);
    else {
      if (next.done < failing(next.photo)) progress.end(next.photo, true);
      begin(lane);
    }
  }
  return { told, tookMs: clock.ms - beganMs, endMs: clock.ms, tileMs: longestMs };
}

describe('StepProgress', () => {
  it('says how long many photos still take, close to what they then take once a tenth of the work is done', () => {
    fc.assert(
      fc.property(photos, lanes, pace, (all, atOnce, ms) => {
        const { told, tookMs, endMs, tileMs } = workThrough(all, atOnce, ms, () => Number.POSITIVE_INFINITY);
        for (const { at, progress, leftMs } of told) {
          if (leftMs === undefined) continue;
          expect(Number.isInteger(leftMs) && leftMs >= 5000).toBe(true);
          if (progress > 0.1) expect(Math.abs(at + leftMs - endMs)).toBeLessThan(0.2 * tookMs + 3 * tileMs);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('does not jump: from one word to the next, the end it speaks of moves by little', () => {
    fc.assert(
      fc.property(photos, lanes, pace, (all, atOnce, ms) => {
        const { told, tookMs, tileMs } = workThrough(all, atOnce, ms, () => Number.POSITIVE_INFINITY);
        const ends = told.flatMap(({ at, progress, leftMs }) =>
          leftMs === undefined || progress < 0.1 ? [] : [at + leftMs],
        );
        // Small photos that leave together move it most: by the time of 3.1 tiles in thirty thousand tries.
        for (const [index, end] of ends.entries())
          if (index > 0) expect(Math.abs(end - (ends[index - 1] as number))).toBeLessThan(0.1 * tookMs + 4 * tileMs);
      }),
      { numRuns: 60 },
    );
  });

  it('never says nonsense, whatever fails half way', () => {
    fc.assert(
      fc.property(photos, lanes, pace, fc.integer({ min: 1, max: 70 }), (all, atOnce, ms, failing) => {
        const { told, tookMs } = workThrough(all, atOnce, ms, (photo) =>
          photo % 3 === 0 ? failing : Number.POSITIVE_INFINITY,
        );
        let before = 0;
        for (const { progress, leftMs, items } of told) {
          expect(progress).toBeGreaterThanOrEqual(before - 1e-9);
          before = progress;
          if (leftMs !== undefined) expect(leftMs).toBeLessThan(60 * tookMs);
          if (items) expect(items.done).toBeLessThanOrEqual(items.count);
        }
        expect(told.at(-1)?.progress).toBeCloseTo(1, 9);
      }),
      { numRuns: 60 },
    );
  });

  it('weighs a large photo more than a small one', () => {
    const { progress, last } = aStep([1, 9]);
    progress.end(0, true);
    expect(last()).toEqual({ progress: 0.1, items: { done: 1, count: 2 } });
  });

  it('takes the pace from what is done now, not from what an earlier worker or try had done', () => {
    const { clock, progress, last } = aStep([1, 1, 1, 1]);
    progress.end(0, false);
    progress.begin(1);
    progress.report(1, 0.5, 'Goes on where it was');
    clock.ms += 10_000;
    progress.report(1, 1);
    // Half a photo in ten seconds, two to go.
    expect(last()).toMatchObject({ items: { done: 1, count: 4 }, leftMs: 40_000 });
  });

  it('leaves out of the pace what was waited before the work began, and what failed', () => {
    const { clock, progress, last } = aStep([1, 1, 1]);
    progress.report(0, 0, 'Waits for memory');
    clock.ms += 600_000;
    progress.begin(0);
    progress.report(0, 0);
    clock.ms += 10_000;
    progress.end(0, true);
    progress.begin(1);
    progress.end(1, false);
    expect(last()).toEqual({ progress: expect.closeTo(2 / 3, 9), items: { done: 2, count: 3 }, leftMs: 10_000 });
  });

  it('counts no items where there is one, and says nothing of a few seconds', () => {
    const { clock, progress, last } = aStep([1]);
    progress.begin(0);
    progress.report(0, 0);
    clock.ms += 4000;
    progress.report(0, 0.5, 'half way');
    expect(last()).toEqual({ progress: 0.5, message: 'half way' });
    clock.ms += 4000;
    progress.report(0, 0.6);
    expect(last()).toEqual({ progress: 0.6, leftMs: 5333 });
  });
});
