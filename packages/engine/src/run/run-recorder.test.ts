import type { RunEvent } from '@imaginarium/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryEventBus } from '../memory/memory-event-bus.ts';
import { MemoryRunStore } from '../memory/memory-run-store.ts';
import { aNewRun, aStep } from '../testing/run-samples.ts';
import { RunRecorder } from './run-recorder.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function aRecorder() {
  const store = new MemoryRunStore();
  const { run } = await store.accept(aNewRun());
  const lease = await store.claim(run.id, 'test', 600_000);
  if (!lease) throw new Error('The run could not be claimed.');
  const groups: string[][] = [];
  const bus = new MemoryEventBus();
  bus.subscribe((events) => groups.push(events.map((event) => (event as Extract<RunEvent, { type: 'log' }>).message)));
  const clock = { now: () => Date.now(), sleep: async () => undefined };
  const recorder = new RunRecorder({ lease, store, bus, clock, lastSeq: 0, onLost: () => undefined });
  const say = (message: string) => recorder.event({ type: 'log', node: null, level: 'info', message });
  return { recorder, say, groups };
}

describe('what happens in a run', () => {
  it('is told at once after a quiet while, and in groups otherwise, the first of a run among them', async () => {
    const { say, groups } = await aRecorder();
    say('a');
    await vi.advanceTimersByTimeAsync(30);
    say('b');
    expect(groups).toEqual([]);
    await vi.advanceTimersByTimeAsync(10);
    expect(groups).toEqual([['a', 'b']]);
    await vi.advanceTimersByTimeAsync(40);
    say('c');
    say('d');
    await vi.advanceTimersByTimeAsync(2);
    expect(groups.slice(1)).toEqual([['c', 'd']]);
    say('e');
    await vi.advanceTimersByTimeAsync(20);
    say('f');
    await vi.advanceTimersByTimeAsync(19);
    expect(groups.slice(2)).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(groups.slice(2)).toEqual([['e', 'f']]);
  });

  it('is told with the end of a step that gave thousands of items, which are not held any longer', async () => {
    const { recorder, say, groups } = await aRecorder();
    const item = { id: 'a.out.0', value: 1, fields: {}, from: [] };
    recorder.step(aStep('short', { outputs: { out: [item] } }));
    say('a');
    await vi.advanceTimersByTimeAsync(1);
    expect(groups).toEqual([]);
    recorder.step(aStep('long', { outputs: { out: new Array(6000).fill(item) } }));
    say('b');
    await vi.advanceTimersByTimeAsync(0);
    expect(groups).toEqual([['a', 'b']]);
    expect(recorder.pending).toBe(0);
  });

  it('is stored in no more than 25 groups a second, however it happens', async () => {
    for (const everyMs of [1, 7, 19, 39, 41, 60]) {
      const { say, groups } = await aRecorder();
      for (let ms = 0; ms < 2000; ms += everyMs) {
        say(String(ms));
        await vi.advanceTimersByTimeAsync(everyMs);
      }
      expect([everyMs, groups.length <= 51]).toEqual([everyMs, true]);
    }
  });
});
