import { expect, test } from 'vitest';
import { ClockWatch } from './clock-watch.ts';

const HOUR_MS = 3_600_000;

test.each([HOUR_MS, -HOUR_MS])('notices that the clock was set by %i ms, for a while', async (by) => {
  let [wall, steady] = [1_000_000_000, 0];
  const watch = new ClockWatch(
    async () => wall,
    () => steady,
  );
  const pass = (ms: number) => {
    wall += ms;
    steady += ms;
  };
  expect(await watch.wasSetWithin(5000)).toBe(false);
  pass(4000);
  expect(await watch.wasSetWithin(5000)).toBe(false);
  wall += by;
  expect(await watch.wasSetWithin(5000)).toBe(true);
  pass(4900);
  expect(await watch.wasSetWithin(5000)).toBe(true);
  pass(200);
  expect(await watch.wasSetWithin(5000)).toBe(false);
});

test('takes a clock that is merely a little fast for what it is', async () => {
  let [wall, steady] = [0, 0];
  const watch = new ClockWatch(
    async () => wall,
    () => steady,
  );
  for (let second = 0; second < 3600; second++) {
    wall += 1001;
    steady += 1000;
    expect(await watch.wasSetWithin(5000)).toBe(false);
  }
});

test('believes no clock whose answer was long on its way', async () => {
  let [wall, steady, delay] = [0, 0, 0];
  const watch = new ClockWatch(
    async () => {
      const read = wall;
      wall += delay;
      steady += delay;
      return read;
    },
    () => steady,
  );
  expect(await watch.wasSetWithin(5000)).toBe(false);
  delay = 3000;
  expect(await watch.wasSetWithin(5000)).toBe(false);
  delay = 0;
  expect(await watch.wasSetWithin(5000)).toBe(false);
});
