import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPackages, NodeRegistry } from '@imaginarium/engine';
import { type Json, type JsonObject, parseGraph, type RunEvent, validateGraph } from '@imaginarium/protocol';
import { OneTimeEngine } from '@imaginarium/server/one-time-engine';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readText, root } from '../markdown.ts';

const page = readText('docs/guides/code-and-expressions.md');
const base = { folder: join(root, 'packages/nodes-base'), entry: './src/index.ts' };
const registry = new NodeRegistry();
let folder: string;
let engine: OneTimeEngine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'code-guide-'));
  await loadPackages(registry, [base.folder], () => base.entry);
  engine = new OneTimeEngine({
    registry,
    packages: [base],
    ...{ workFolder: join(folder, 'work'), outFolder: join(folder, 'out'), modelsFolder: join(folder, 'models') },
    ...{ pixelLimit: 1e6, maxBytes: 1e6, mediaConcurrency: 1, mediaMemoryMb: 1000 },
    ...{ codeConcurrency: 2, codeTimeoutMs: 2000, codeMemoryMb: 64 },
  });
});

afterAll(async () => {
  engine[Symbol.dispose]();
  await rm(folder, { recursive: true, force: true });
});

/** The fenced JSON of the page with a word after the language. */
function blockOf(word: string): Json {
  return JSON.parse(new RegExp(`^\`\`\`json ${word}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page)?.[1] ?? 'null') as Json;
}

/** Both cells of each row of a table, by its head; without the backticks around them. */
function rowsUnder(...heads: [string, string]): [string, string][] {
  const tables = page.split(`| ${heads.join(' | ')} |\n| --- | --- |\n`).slice(1);
  return tables.flatMap((rest) => {
    const lines = rest.slice(0, rest.indexOf('\n\n')).split('\n');
    return lines.map((line): [string, string] => {
      const [, one = '', other = ''] = /^\| `(.*)` \| `(.*)` \|$/.exec(line) ?? [];
      return [one, other];
    });
  });
}

async function execute(graph: Json) {
  const parsed = parseGraph(graph);
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  expect(validateGraph(parsed.graph, registry)).toEqual([]);
  const events: RunEvent[] = [];
  const workflow = { name: 'Guide', graph: parsed.graph };
  const ended = await engine.execute(workflow, {}, (event) => events.push(event), new AbortController().signal);
  const fieldsOf = (place: string) => {
    const [node, port = ''] = place.split('.');
    return ended.steps.find((step) => step.node === node)?.outputs[port]?.map(({ fields }) => fields);
  };
  return { run: ended.run, events, fieldsOf };
}

const node = (id: string, type: string, params: JsonObject) => ({
  ...{ id, type, version: 1, name: id, params },
  position: { x: 0, y: 0 },
});
const wire = (id: string, from: string, to: string) => ({
  id,
  from: { node: from, port: 'item' },
  to: { node: to, port: 'item' },
});

/** What a field becomes whose value is this expression, for the page's item in third place. */
async function evaluate(expression: string) {
  const item = blockOf('item');
  const code = `return [{ value: 1 }, { value: 2 }, ${JSON.stringify(item)}]`;
  const nodes = [
    node('make', 'code.javascript', { mode: 'all', code }),
    node('set', 'flow.set-fields', { fields: { result: expression } }),
  ];
  // The first two items lack what the expressions read; they may fail.
  const set = { ...nodes[1], policy: { onError: 'skip-item' } };
  const graph = {
    ...{ schema: 1, nodes: [nodes[0], set], edges: [wire('e1', 'make', 'set')] },
    inputs: [],
    notes: [],
    settings: {},
  };
  const { events, fieldsOf } = await execute(graph as Json);
  const third = fieldsOf('set.item')?.find((fields) => fields.name === 'Blue mug');
  const said = events.flatMap((event) => (event.type === 'log' ? [event.message] : []));
  return { result: third?.result, said };
}

describe('docs/guides/code-and-expressions.md', () => {
  test('has the tables that are tried below', () => {
    expect(rowsUnder('expression', 'gives')).toHaveLength(16);
    expect(rowsUnder('expression', 'is refused')).toHaveLength(6);
    expect(rowsUnder('code', 'the step says')).toHaveLength(5);
  });

  test.each(rowsUnder('expression', 'gives'))('shows what %s gives', async (expression, gives) => {
    const { result } = await evaluate(expression);
    expect(result).toEqual(JSON.parse(gives));
  });

  test.each(rowsUnder('expression', 'is refused'))('shows how %s is refused', async (expression, refusal) => {
    const { result, said } = await evaluate(expression);
    expect(result).toBeUndefined();
    expect(said.at(-1)).toBe(`An item was left out: ${expression}: ${refusal}`);
  });

  test('shows a graph with Code nodes, and what comes out', async () => {
    const { run, events, fieldsOf } = await execute(blockOf('graph'));
    expect(run).toMatchObject({ state: 'succeeded', error: null });
    for (const [place, fields] of Object.entries(blockOf('fields') as JsonObject))
      expect(fieldsOf(place)).toEqual(fields);
    const logs = events.flatMap((event) => (event.type === 'log' ? [[event.node, event.level, event.message]] : []));
    expect(logs).toEqual([['sum', 'info', 'Added 2 prices']]);
  });

  test.each(rowsUnder('code', 'the step says'))('shows what becomes of %s', async (code, message) => {
    const graph = {
      schema: 1,
      nodes: [node('code', 'code.javascript', { code })],
      edges: [],
      inputs: [],
      notes: [],
      settings: {},
    };
    const { run } = await execute(graph as Json);
    expect(run).toMatchObject({ state: 'failed', error: { code: 'step-refused', message } });
  });
});
