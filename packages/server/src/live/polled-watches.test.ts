import { expect, test } from 'vitest';
import { PolledWatches } from './polled-watches.ts';

test('tells each listener at once and when their own answer has changed, and nobody who is gone', async () => {
  const unread = new Map([['ana', 2]]);
  let asked = 0;
  const watches = new PolledWatches<string, number>(async (people) => {
    asked++;
    return people.map((person) => unread.get(person) ?? 0);
  });
  const heard: Record<string, number[]> = { tab1: [], tab2: [], bob: [] };
  const add = (id: string, person: string) => watches.add(id, person, (count) => void heard[id]?.push(count));
  await watches.look();
  expect(asked).toBe(0);
  await Promise.all([add('tab1', 'ana'), add('tab2', 'ana'), add('bob', 'bob')]);
  await watches.look();
  unread.set('ana', 3);
  watches.delete('tab2');
  await watches.look();
  expect(heard).toEqual({ tab1: [2, 3], tab2: [2], bob: [0] });
});
