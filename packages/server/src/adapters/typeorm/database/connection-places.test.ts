import { expect, test, vi } from 'vitest';
import { ConnectionPlaces } from './connection-places.ts';
import { DatabaseAwayError } from './database-away.ts';

/** Work that goes on until it is let go. */
function work() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { begun: vi.fn(() => promise), end: resolve };
}

test('work waits for a connection in the order of coming, and has what it gives or throws', async () => {
  const places = new ConnectionPlaces(1, 10_000);
  const [first, second] = [work(), work()];
  const all = [places.take(first.begun), places.take(second.begun), places.take(async () => 'third')];
  expect([first.begun.mock.calls.length, second.begun.mock.calls.length]).toEqual([1, 0]);
  const failing = places.take(() => Promise.reject(new Error('no such table')));
  first.end();
  second.end();
  expect(await Promise.all(all)).toEqual([undefined, undefined, 'third']);
  await expect(failing).rejects.toThrow('no such table');
  expect(await places.take(async () => 'free again')).toBe('free again');
});

test('who waits too long is told so and never begins, and the place is not lost', async () => {
  const places = new ConnectionPlaces(1, 20);
  const [busy, late] = [work(), work()];
  const held = places.take(busy.begun);
  await expect(places.take(late.begun)).rejects.toThrow(DatabaseAwayError);
  busy.end();
  await held;
  expect(await places.take(async () => 'free')).toBe('free');
  expect(late.begun).not.toHaveBeenCalled();
});
