import type { RunEvent } from '@imaginarium/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventSequence } from './event-sequence.ts';

const eventNumber = (seq: number) => ({ type: 'run.started', runId: 'r', seq, at: '' }) satisfies RunEvent;

test('delivers every number after the start exactly once and in order, whatever arrives in whatever order', () => {
  fc.assert(
    fc.property(
      fc.nat(20).chain((start) =>
        fc.record({
          start: fc.constant(start),
          count: fc.integer({ min: 1, max: 30 }),
          // Batches in any order, with repeats and old numbers among them.
          noise: fc.array(fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 8 }), { maxLength: 12 }),
        }),
      ),
      ({ start, count, noise }) => {
        const end = start + count;
        const delivered: number[] = [];
        const sequence = new EventSequence(
          start,
          (events) => delivered.push(...events.map(({ seq }) => seq)),
          () => new Promise(() => {}), // Nothing is fetched: the arrivals alone must suffice.
        );
        for (const batch of noise) sequence.receive(batch.filter((seq) => seq <= end).map(eventNumber));
        for (let seq = end; seq > start; seq--) sequence.receive([eventNumber(seq)]);
        sequence.stop();
        expect(delivered).toEqual(Array.from({ length: count }, (_, index) => start + index + 1));
        expect(sequence.last).toBe(end);
      },
    ),
  );
});
