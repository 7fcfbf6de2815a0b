import type { RunEvent } from '@imaginarium/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RunWatch } from './run-watch.ts';

const runId = '0193f000-0000-7000-8000-000000000001';
const event = (seq: number): RunEvent => ({ type: 'run.started', runId, seq, at: new Date(seq).toISOString() });
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('sends every event once and in order, however the live ones mix with the stored ones', async () => {
  const story = fc.record({
    after: fc.nat(5),
    stored: fc.nat(8),
    // Live events in groups; some groups are lost on the way, some come twice.
    groups: fc.array(
      fc.record({ size: fc.integer({ min: 1, max: 3 }), fate: fc.constantFrom('heard', 'lost', 'twice') }),
      {
        maxLength: 12,
      },
    ),
    yields: fc.array(fc.nat(3), { maxLength: 12 }),
  });
  await fc.assert(
    fc.asyncProperty(story, async ({ after, stored, groups, yields }) => {
      const store = numbers(1, stored).map(event);
      const sent: number[] = [];
      const watch = new RunWatch(
        after,
        async (from) => {
          const found = store.filter(({ seq }) => seq > from);
          await Promise.resolve();
          return found;
        },
        (events) => sent.push(...events.map(({ seq }) => seq)),
      );
      // As those hear it who are told together with others.
      const hear = async (events: RunEvent[]) => {
        if (watch.takeNext(events)) sent.push(...events.map(({ seq }) => seq));
        else await watch.receive(events);
      };
      const work = [watch.replay()];
      for (const [index, { size, fate }] of groups.entries()) {
        const group = numbers(store.length + 1, store.length + size).map(event);
        store.push(...group);
        for (let turn = 0; turn < (yields[index] ?? 0); turn++) await Promise.resolve();
        if (fate !== 'lost') work.push(hear(group));
        if (fate === 'twice') work.push(hear(group));
      }
      // A last event that is heard: what was lost before it must be fetched.
      const last = event(store.length + 1);
      store.push(last);
      work.push(hear([last]));
      await Promise.all(work);
      await watch.replay();
      expect(sent).toEqual(numbers(after + 1, store.length));
    }),
  );
});

test('gives up on a gap that the store cannot fill, until more comes', async () => {
  const sent: number[] = [];
  let reads = 0;
  const watch = new RunWatch(
    0,
    async () => {
      reads += 1;
      return [];
    },
    (events) => sent.push(...events.map(({ seq }) => seq)),
  );
  await watch.receive([event(3)]);
  expect([sent, reads]).toEqual([[], 1]);
  await watch.receive([event(1), event(2)]);
  expect(sent).toEqual([1, 2, 3]);
});

test('sends nothing after it was stopped', async () => {
  const sent: number[] = [];
  const watch = new RunWatch(
    0,
    async () => [event(1)],
    (events) => sent.push(...events.map(({ seq }) => seq)),
  );
  const replay = watch.replay();
  watch.stop();
  await replay;
  await watch.receive([event(1)]);
  expect(sent).toEqual([]);
});
