import { expect, it } from 'vitest';
import { Pace } from './pace.ts';

it('says how long the rest takes at the pace so far, without what an earlier try had done', () => {
  let now = 0;
  const pace = new Pace(() => now);
  pace.add('small', 10);
  pace.add('large', 90);
  expect([pace.share, pace.leftMs]).toEqual([0, undefined]);
  // Half of the large one was there already: that took no time.
  pace.tell('large', 0.5);
  pace.tell('small', 0);
  now = 1000;
  pace.tell('small', 1);
  expect([pace.share, pace.leftMs]).toEqual([0.55, undefined]);
  now = 5000;
  pace.tell('large', 0.5 + 40 / 90);
  expect(pace.share).toBeCloseTo(0.95);
  expect(pace.leftMs).toBeCloseTo(500);
});

it('forgets what will not be done', () => {
  let now = 0;
  const pace = new Pace(() => now);
  pace.add('good', 1);
  pace.add('broken', 9);
  pace.tell('good', 0);
  pace.tell('broken', 0);
  now = 4000;
  pace.tell('good', 0.5);
  pace.drop('broken');
  expect([pace.share, pace.leftMs]).toEqual([0.5, 4000]);
});
