import type { RunEvent } from '@imaginarium/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRowEvents, writeEvents } from './journal-events.ts';

const RUN = '01990000-0000-7000-8000-000000000001';
const OTHER = '01990000-0000-7000-8000-000000000002';

const bodies = fc.oneof(
  fc.constant({ type: 'run.started' as const }),
  fc.record({ type: fc.constant('step.started' as const), node: fc.constantFrom('a', 'b'), items: fc.nat(3) }),
  fc.record({
    ...{ type: fc.constant('step.finished' as const), node: fc.constantFrom('a', 'b'), state: fc.constant('failed') },
    ...{ durationMs: fc.nat(2), credits: fc.nat(2), items: fc.constant({ out: 1 }), thumbnail: fc.constant(null) },
    error: fc.constantFrom(null, { code: 'internal' as const, message: 'x' }),
    reason: fc.constantFrom(null, 'why'),
  }),
  fc.record({
    ...{ type: fc.constant('run.finished' as const), state: fc.constant('succeeded'), creditsSpent: fc.nat(2) },
    error: fc.constant(null),
  }),
);
const rows = fc
  .tuple(
    fc.integer({ min: 1, max: 1000 }),
    fc.array(fc.tuple(bodies, fc.nat(1), fc.boolean(), fc.boolean()), { minLength: 1 }),
  )
  .map(([first, list]) => {
    let ms = 1_790_000_000_000;
    let seq = first - 1;
    return list.map(([body, later, skips, isOther], index): RunEvent => {
      ms += later;
      seq += skips && index > 0 ? 2 : 1;
      return { ...body, runId: isOther ? OTHER : RUN, seq, at: new Date(ms).toISOString() } as RunEvent;
    });
  });

describe('the events of a journal row', () => {
  it('are whole again when they are read', () => {
    fc.assert(
      fc.property(rows, (events) => {
        const written = { from_seq: events[0]?.seq ?? 0, events: writeEvents(RUN, events) };
        expect(readRowEvents(RUN, written)).toEqual(events);
      }),
    );
  });

  it('are written without what the row and the events before them say', () => {
    const stamp = { runId: RUN, at: '2026-01-01T00:00:00.000Z' };
    const none = { durationMs: 0, thumbnail: null, credits: 0, error: null, reason: null };
    const events: RunEvent[] = [
      { type: 'step.started', node: 'a', items: 1, ...stamp, seq: 7 },
      { type: 'step.finished', node: 'a', state: 'succeeded', items: { out: 1 }, ...none, ...stamp, seq: 8 },
    ];
    expect(JSON.parse(writeEvents(RUN, events))).toEqual([
      { type: 'step.started', node: 'a', items: 1, at: stamp.at },
      { type: 'step.finished', node: 'a', state: 'succeeded', items: { out: 1 } },
    ]);
  });

  it('are read as they are where they were written whole, as they once were', () => {
    const event: RunEvent = { type: 'run.started', runId: RUN, seq: 1, at: '2026-01-01T00:00:00.000Z' };
    expect(readRowEvents(RUN, { from_seq: 1, events: JSON.stringify([event]) })).toEqual([event]);
  });
});
