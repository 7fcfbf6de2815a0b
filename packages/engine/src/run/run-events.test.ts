import { setTimeout as wait } from 'node:timers/promises';
import { defineNode, port } from '@imaginarium/node-sdk';
import { type Json, runEventSchema, stepSchema } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { aGraph, aLightNode, listSource, noFiles, RunHarness, sleep } from '../testing/index.ts';

const harness = () => new RunHarness([listSource, sleep], { openFiles: () => noFiles });
const source = (values: Json[]) => aGraph().node('in', 'test.list', { values });

describe('events', () => {
  it('are numbered without a gap, in order, told after they are stored, and end with the run', async () => {
    const own = harness();
    const told: unknown[] = [];
    own.services.bus.subscribe((events) => told.push(...events));
    const graph = source(['a', 'b']).node('s', 'test.sleep').node('t', 'test.sleep');
    const { events, steps } = await own.run(graph.wire('in.item', 's.item').wire('s.item', 't.item').build());
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
    expect(told).toEqual(events);
    expect(events.at(0)?.type).toBe('run.started');
    expect(events.filter(({ type }) => type === 'run.finished')).toEqual([events.at(-1)]);
    for (const event of events) expect(runEventSchema.parse(event)).toEqual(event);
    for (const step of Object.values(steps)) expect(stepSchema.parse(step)).toEqual(step);
  });

  it('show progress that only grows, also when an item is tried again or a node reports nonsense', async () => {
    const moody = defineNode({
      ...aLightNode,
      type: 'test.moody',
      inputs: { item: port.any() },
      outputs: { item: port.any() },
      async execute({ input, progress }) {
        for (const share of [0.2, 0.9, Number.NaN, -3, 0.1, 7]) {
          progress(share, 'half\u0000way');
          await wait(1);
        }
        if (tries++ < 2) throw new Error('again');
        return { item: input.item };
      },
    });
    let [tries, time] = [0, 0];
    const clock = { now: () => (time += 250), sleep: async () => undefined };
    const graph = source([1, 2, 3]).node('m', 'test.moody').wire('in.item', 'm.item').settings({ concurrency: 1 });
    graph.policy('m', { retry: { attempts: 3, backoffMs: 0, factor: 1, jitter: false } });
    const { events } = await new RunHarness([listSource, moody], { clock, openFiles: () => noFiles }).run(
      graph.build(),
    );
    const shares = events.flatMap((event) => (event.type === 'step.progress' ? [event.progress] : []));
    expect(shares.length).toBeGreaterThan(10);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    for (const event of events) expect(runEventSchema.parse(event)).toEqual(event);
  });

  it('hold at most one progress of a step in 200 ms and a thousand lines of its log', async () => {
    const loud = defineNode({
      ...aLightNode,
      type: 'test.loud',
      inputs: {},
      outputs: {},
      execute: ({ log, progress }) => {
        for (let line = 0; line < 5000; line++) {
          log.info(`line ${line}`, { line });
          progress(line / 5000);
        }
        return {};
      },
    });
    const { events } = await new RunHarness([loud]).run(aGraph().node('l', 'test.loud').build());
    const lines = events.filter((event) => event.type === 'log');
    expect(lines).toHaveLength(1000);
    expect(lines.at(-1)).toMatchObject({ level: 'warn', message: expect.stringContaining('is full') });
    expect(events.filter((event) => event.type === 'step.progress').length).toBeLessThan(5);
  });

  it('survive whatever a node logs', async () => {
    const odd = defineNode({
      ...aLightNode,
      type: 'test.odd',
      inputs: {},
      outputs: {},
      execute: ({ log }) => {
        log.info(`nul \u0000, half \ud83d and ${'x'.repeat(10_000)}`, { call: () => 1 } as never);
        log.info(undefined as never);
        return {};
      },
    });
    const { outcome, events } = await new RunHarness([odd]).run(aGraph().node('o', 'test.odd').build());
    expect(outcome.state).toBe('succeeded');
    const [first, second] = events.filter((event) => event.type === 'log');
    expect(first).toMatchObject({ message: expect.stringMatching(/^nul \ufffd, half \ufffd and x+$/) });
    expect(first).not.toHaveProperty('data');
    expect(second).toMatchObject({ message: 'undefined' });
  });
});
