import { asset, choice, code, defineNode, json, keyValue, list, number, port, text } from '@imaginarium/node-sdk';
import type { Json, JsonObject } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { aGraph, aLightNode, listSource, noFiles, passOn, RunHarness } from '../testing/index.ts';
import { resolveParams } from './resolve-params.ts';

const show = defineNode({
  ...aLightNode,
  type: 'test.show',
  inputs: { item: port.any() },
  outputs: { params: port.json() },
  params: {
    text: text({ title: 'Text', default: '' }),
    size: number({ title: 'Size', default: 1, max: 100 }),
    mode: choice({ title: 'Mode', options: ['fit', 'fill'], default: 'fit' }),
    rows: list({ title: 'Rows', of: text({ title: 'Row' }) }),
    pairs: keyValue({ title: 'Pairs' }),
    typed: keyValue({ title: 'Typed pairs', typed: true }),
    data: json({ title: 'Data', default: null }),
    script: code({ title: 'Script', language: 'javascript', default: '' }),
  },
  execute: ({ params }) => ({ params: params as unknown as Json }),
});

const people: Json[] = [
  { name: 'Ann', size: 10 },
  { name: 'Bo', size: 20 },
];
const fieldsOf = defineNode({
  ...aLightNode,
  type: 'test.fields',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  execute: ({ input }) => ({ item: input.item, fields: input.item as JsonObject }),
});

const harness = () => new RunHarness([listSource, passOn, show, fieldsOf], { openFiles: () => noFiles });

async function shown(params: JsonObject, values: Json[] = people): Promise<Record<string, Json>[]> {
  const graph = aGraph()
    .node('in', 'test.list', { values })
    .node('fields', 'test.fields', {}, { name: 'The people' })
    .node('show', 'test.show', params)
    .wire('in.item', 'fields.item')
    .wire('fields.item', 'show.item')
    .build();
  const run = await harness().run(graph);
  if (run.outcome.error) throw new Error(run.outcome.error.message);
  return run.values('show.params') as Record<string, Json>[];
}

const only = (key: string, list: Record<string, Json>[]) => list.map((entry) => entry[key]);

describe('expressions in params', () => {
  it('are read for each item: its fields, its value, its number', async () => {
    const params = { text: '{{ item.index }}. {{ item.name }}', size: '{{ item.size }}', data: '{{ item.value }}' };
    const [ann, bo] = await shown(params);
    expect([ann?.text, ann?.size, ann?.data]).toEqual(['0. Ann', 10, { name: 'Ann', size: 10 }]);
    expect([bo?.text, bo?.size]).toEqual(['1. Bo', 20]);
  });

  it('see the run and the nodes that came before, by their names', async () => {
    const params = {
      text: '{{ nodes["The people"].items[1].fields.name }} of {{ nodes["The people"].items.length }} in {{ run.workflow }}',
    };
    expect(only('text', await shown(params))).toEqual(['Bo of 2 in Photo to carousel', 'Bo of 2 in Photo to carousel']);
    expect(only('text', await shown({ text: '{{ run.date }}' }))[0]).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(only('text', await shown({ text: '{{ run.time }}' }))[0]).toMatch(/^\d\d-\d\d-\d\d$/);
  });

  it('become text among names with values, unless the param keeps types', async () => {
    const pairs = { size: '{{ item.size }}', twice: '{{ item.size * 2 }}', none: '{{ item.none }}', plain: 'x' };
    const [ann] = await shown({ pairs, typed: pairs });
    expect(ann?.pairs).toEqual({ size: '10', twice: '20', none: '', plain: 'x' });
    expect(ann?.typed).toEqual({ size: 10, twice: 20, none: null, plain: 'x' });
  });

  it('are found inside lists, names with values and JSON, but not in program text', async () => {
    const [ann] = await shown({
      rows: ['{{ item.name }}', 'x'],
      pairs: { who: '{{ item.name }}' },
      data: { deep: [{ size: '{{ item.size }}' }] },
      script: '`{{ item.name }}`',
    });
    expect(ann).toMatchObject({
      ...{ rows: ['Ann', 'x'], pairs: { who: 'Ann' }, data: { deep: [{ size: 10 }] }, script: '`{{ item.name }}`' },
    });
  });

  it('that find nothing give empty text, and are refused where something is needed', async () => {
    expect(only('text', await shown({ text: '{{ item.nothing }}' }))).toEqual(['', '']);
    await expect(shown({ size: '{{ item.nothing }}' })).rejects.toThrow('Size: expected a number, received null.');
    await expect(shown({ mode: '{{ item.name }}' })).rejects.toThrow('Mode: expected fit, fill, received "Ann".');
    await expect(shown({ size: '{{ item.size }}' }, [{ size: 101 }])).rejects.toThrow(
      'Size: expected at most 100, received 101.',
    );
  });

  it('take a number from text, as a table may bring it', async () => {
    expect(only('size', await shown({ size: '{{ item.size }}' }, [{ size: '7.5' }, { size: ' 8 ' }]))).toEqual([
      7.5, 8,
    ]);
    await expect(shown({ size: '{{ item.size }}' }, [{ size: '' }])).rejects.toThrow('expected a number, received ""');
    await expect(shown({ size: '{{ item.size }}' }, [{ size: '7px' }])).rejects.toThrow('received "7px"');
  });

  it('are never found in what items or run inputs bring', async () => {
    const read = aGraph()
      .node('in', 'test.list')
      .node('show', 'test.show', { text: '{{ item.value }}' })
      .wire('in.item', 'show.item')
      .input('rows', 'in.values')
      .build();
    const rows = ['{{ run.id }}', '{{ 1 + 1 }}', '{{'];
    expect((await harness().run(read, { rows })).values('show.params')).toMatchObject(
      rows.map((row) => ({ text: row })),
    );
    const graph = aGraph()
      .node('in', 'test.list', { values: ['x'] })
      .node('show', 'test.show')
      .wire('in.item', 'show.item')
      .input('title', 'show.text')
      .input('program', 'show.script')
      .build();
    for (const title of rows) {
      const { values: valuesOf } = await harness().run(graph, { title, program: title });
      expect(valuesOf('show.params')).toMatchObject([{ text: title, script: title }]);
    }
  });

  it('wait for the node they name, though no wire leads there', async () => {
    const slow = defineNode({
      ...aLightNode,
      type: 'test.slow',
      inputs: {},
      outputs: { item: port.text() },
      execute: () => new Promise<{ item: string }>((resolve) => setTimeout(resolve, 40, { item: 'late' })),
    });
    const graph = aGraph()
      .node('show', 'test.show', { text: '{{ nodes["Slow one"].items[0].value }}' })
      .node('in', 'test.list', { values: ['x'] })
      .node('slow', 'test.slow', {}, { name: 'Slow one' })
      .wire('in.item', 'show.item')
      .build();
    const run = await new RunHarness([listSource, show, slow], { openFiles: () => noFiles }).run(graph);
    expect(run.values('show.params')).toMatchObject([{ text: 'late' }]);
  });

  it('find nothing in a node further down, and in one another, without waiting for ever', async () => {
    const graph = aGraph()
      .node('in', 'test.list', { values: ['x'] })
      .node('a', 'test.show', { text: '{{ nodes.b.items[0].value }}' })
      .node('b', 'test.show', { text: '{{ nodes.a.items.length }}' })
      .wire('in.item', 'a.item')
      .wire('a.params', 'b.item')
      .build();
    const { outcome, values } = await harness().run(graph);
    expect(outcome.state).toBe('succeeded');
    expect([...values('a.params'), ...values('b.params')]).toMatchObject([{ text: '' }, { text: '1' }]);
  });

  it('of several nodes with one name see the first in the graph', async () => {
    const graph = aGraph()
      .node('one', 'test.list', { values: [1] }, { name: 'Same' })
      .node('two', 'test.list', { values: [2] }, { name: 'Same' })
      .node('show', 'test.show', { text: '{{ nodes.Same.items[0].value }}' })
      .wire('two.item', 'show.item')
      .build();
    expect((await harness().run(graph)).values('show.params')).toMatchObject([{ text: '1' }]);
  });
});

describe('resolveParams', () => {
  const file = { id: 'a'.repeat(64), kind: 'image' as const, mime: 'image/png', bytes: 1, name: 'a.png' };
  const one = { photo: asset({ title: 'Photo', accept: ['image'] }) };
  const several = { photo: asset({ title: 'Photos', accept: ['image'], multiple: true }) };

  it('gives a node one file or a list of files, as its param says, however they are stored', () => {
    expect([null, file, [file], []].map((photo) => resolveParams(one, { photo }).photo)).toEqual([
      null,
      file,
      file,
      null,
    ]);
    expect([null, file, [file]].map((photo) => resolveParams(several, { photo }).photo)).toEqual([[], [file], [file]]);
  });

  it('does not let what is empty pass for another type', () => {
    const size = { size: number({ title: 'Size', default: 1 }) };
    expect(() => resolveParams(size, { size: '' })).toThrow('Size: expected a number, received "".');
    expect(() => resolveParams(size, { size: [] })).toThrow('Size: expected a number, received [].');
    expect(resolveParams(size, { size: null })).toEqual({ size: 1 });
  });
});
