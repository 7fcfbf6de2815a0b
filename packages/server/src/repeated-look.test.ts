import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { RepeatedLook } from './repeated-look.ts';

it('looks again a while after a look has ended, never twice at once, and not once it is stopped', async () => {
  let atWork = 0;
  let looked = 0;
  const looks = new RepeatedLook(async () => {
    expect(++atWork).toBe(1);
    await wait(5);
    atWork--;
    looked++;
  }, 5);
  looks.start();
  await expect.poll(() => looked).toBeGreaterThanOrEqual(3);
  expect(looks.isStopped).toBe(false);
  await looks.stop();
  const before = looked;
  expect(atWork).toBe(0);
  await wait(30);
  expect(looked).toBe(before);
  expect(looks.isStopped).toBe(true);
});

it('lets the first look wait, and may be stopped before it', async () => {
  let looked = 0;
  const looks = new RepeatedLook(async () => void looked++, 1);
  looks.start(20);
  expect(looked).toBe(0);
  await looks.stop();
  await wait(40);
  expect(looked).toBe(0);
});
