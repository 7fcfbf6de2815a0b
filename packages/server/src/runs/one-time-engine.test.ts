import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeRegistry } from '@imaginarium/engine';
import type { RunEvent } from '@imaginarium/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sayGraph, testNodes } from '../testing/test-nodes.ts';
import { OneTimeEngine } from './one-time-engine.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imaginarium-once-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function anEngine(): OneTimeEngine {
  const registry = new NodeRegistry();
  registry.add({ name: '@test/nodes', version: '1.0.0' }, testNodes);
  return new OneTimeEngine({
    ...{ registry, packages: [], workFolder: folder, outFolder: folder, modelsFolder: folder },
    ...{ pixelLimit: 1e6, maxBytes: 1e6, mediaConcurrency: 1, mediaMemoryMb: 512 },
    ...{ codeConcurrency: 1, codeTimeoutMs: 1000, codeMemoryMb: 64 },
  });
}

test('tells each of several runs at once its own events only', async () => {
  using engine = anEngine();
  const heard: Record<string, RunEvent[]> = { one: [], two: [] };
  const run = (id: string) =>
    engine.execute(
      { id, name: id, graph: sayGraph(id) },
      {},
      (event) => void heard[id]?.push(event),
      new AbortController().signal,
    );
  const ended = await Promise.all([run('one'), run('two')]);
  expect(ended.map(({ run: { id, state } }) => [id, state])).toEqual([
    ['one', 'succeeded'],
    ['two', 'succeeded'],
  ]);
  for (const [id, events] of Object.entries(heard)) {
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
    expect(new Set(events.map(({ runId }) => runId))).toEqual(new Set([id]));
    expect(events.at(-1)).toMatchObject({ type: 'run.finished' });
  }
});

test('names what results depend on: the params with their defaults, and nothing of how they are written', async () => {
  using engine = anEngine();
  const node = { type: 'test.say', version: 1 };
  const print = await engine.printOf({ ...node, params: { text: 'hi' } });
  expect(await engine.printOf({ ...node, params: { times: 1, text: 'hi' } })).toBe(print);
  expect(await engine.printOf({ ...node, params: { times: 2, text: 'hi' } })).not.toBe(print);
});
