import { asset, defineNode, emit, json, NonRetryableError, port, text } from '@imaginarium/node-sdk';
import { type FileRef, type Graph, type Json, type PriceTerms, termsFor } from '@imaginarium/protocol';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { aGraph, aLightNode, aNewRun, eachLoop, noFiles, passOn, RunHarness } from '../testing/index.ts';
import { foreseeRun, mayForesee } from './foresee-run.ts';
import { quoteRun } from './quote-run.ts';

let calls: string[] = [];

const pure = { ...aLightNode, effects: 'pure' } as const;
const through = { inputs: { item: port.any() }, outputs: { item: port.any() } };
const source = defineNode({
  ...pure,
  type: 'test.source',
  inputs: {},
  outputs: { item: port.any() },
  params: { values: json({ title: 'Values', default: [] }) },
  yields: ({ params }) => (params.values as Json[]).length,
  execute: ({ params }) => ({ item: emit((params.values as Json[]).map((value) => ({ value }))) }),
});
/** Worth keeping: 5 credits and a while for each item. */
const stamp = defineNode({
  ...pure,
  ...through,
  type: 'test.stamp',
  typicalMs: 1000,
  params: { mark: text({ title: 'Mark', default: '!' }) },
  execute({ input, params }) {
    calls.push(params.mark);
    return { item: `${String(input.item)}${params.mark}` };
  },
});
/** Light and pure: lets through what is not empty. */
const some = defineNode({
  ...pure,
  ...through,
  type: 'test.some',
  counts: 'at-most',
  execute({ input }) {
    calls.push('some');
    return { item: input.item === '' ? undefined : input.item };
  },
});
/** As many items as its file has lines: nobody knows before it was read. */
const table = defineNode({
  ...pure,
  type: 'test.table',
  inputs: {},
  outputs: { item: port.any() },
  params: { file: asset({ title: 'File', accept: ['document'] }) },
  counts: 'unknown',
  async execute({ params, files }) {
    if (!params.file) throw new NonRetryableError('no file');
    const lines = new TextDecoder().decode(await files.read(params.file)).split('\n');
    return { item: emit(lines.map((value) => ({ value }))) };
  },
});
const TERMS = (graph: Graph): PriceTerms =>
  termsFor(
    {
      version: 1,
      rules: [{ type: 'test.stamp', credits: 5, per: 'item' }],
      bundles: [],
      currency: { code: 'IDR', perCredit: 1 },
    },
    new Set(graph.nodes.map((node) => node.type)),
    undefined,
  );

function world() {
  const harness = new RunHarness([source, stamp, some, table, passOn, eachLoop], { openFiles: () => noFiles });
  const { registry, cache, modelsFolder } = harness.services;
  const { workspaceId, workflowId, workflowName } = aNewRun();
  const place = { workspaceId, workflow: { id: workflowId, name: workflowName } };
  const files = new Map<string, string>();
  const readFile = async (whose: string, { id }: FileRef) => {
    const content = whose === workspaceId ? files.get(id) : undefined;
    if (content === undefined) throw new Error('There is no such file.');
    return new TextEncoder().encode(content);
  };
  const foresee = (graph: Graph) => foreseeRun(graph, {}, { registry, cache, modelsFolder, readFile }, place);
  const quote = async (graph: Graph) =>
    quoteRun(graph, {}, registry, { measured: new Map(), terms: TERMS(graph), foreseen: await foresee(graph) });
  return { harness, registry, files, foresee, quote };
}

/** source -> some -> first -> last, where `first` and `last` cost 5 an item. */
const line = (values: Json[], first = '!', last = '?') =>
  aGraph()
    .node('in', 'test.source', { values })
    .node('some', 'test.some')
    .node('first', 'test.stamp', { mark: first })
    .node('last', 'test.stamp', { mark: last })
    .wire('in.item', 'some.item')
    .wire('some.item', 'first.item')
    .wire('first.item', 'last.item')
    .build();

beforeEach(() => {
  calls = [];
});

describe('what the cache will answer, before the run', () => {
  it('costs nothing and takes no time, to the last step', async () => {
    const { harness, quote } = world();
    expect(await quote(line(['a', 'b']))).toMatchObject({ total: 20, least: 20, most: 20 });
    await harness.run(line(['a', 'b']));
    const again = await quote(line(['a', 'b']));
    expect(again).toMatchObject({ total: 0, least: 0, most: 0 });
    expect(again.nodes.slice(2)).toMatchObject([
      { node: 'first', items: 2, credits: 0, estimateMs: 0, cache: 'yes' },
      { node: 'last', items: 2, credits: 0, estimateMs: 0, cache: 'yes' },
    ]);
  });

  it('is only what nothing has changed for: the step after it is quoted whole', async () => {
    const { harness, quote } = world();
    await harness.run(line(['a', 'b']));
    const changed = await quote(line(['a', 'b'], '!', 'new'));
    expect(changed).toMatchObject({ total: 10, least: 10, most: 10 });
    expect(changed.nodes.map(({ cache }) => cache)).toEqual(['no', 'no', 'yes', 'no']);
  });

  it('is said as a range where nobody knows what will reach a step that was kept before', async () => {
    const { harness, quote } = world();
    await harness.run(line(['a', 'b']));
    const changed = await quote(line(['a', 'b'], 'new'));
    expect(changed).toMatchObject({ total: 20, least: 10, most: 20 });
    expect(changed.nodes.map(({ cache }) => cache)).toEqual(['no', 'no', 'no', 'maybe']);
  });

  it('counts items exactly as far as it knows them', async () => {
    const { quote } = world();
    expect(await quote(line(['a', '', 'c']))).toMatchObject({ total: 20, least: 20, most: 20 });
  });

  it('counts the rows of a table that is there already, and no others', async () => {
    const { files, quote } = world();
    const file = { id: 'a'.repeat(64), kind: 'document', mime: 'text/csv', bytes: 5, name: 'mugs.csv' };
    const graph = (bytes: number) =>
      aGraph()
        .node('table', 'test.table', { file: { ...file, bytes } })
        .node('up', 'test.stamp')
        .wire('table.item', 'up.item')
        .build();
    expect(await quote(graph(5))).toMatchObject({ total: 5, least: 0, most: null });
    files.set(file.id, 'a\nb\nc');
    expect(await quote(graph(5))).toMatchObject({ total: 15, least: 15, most: 15 });
    // Large files are not read for a quote.
    expect(await quote(graph(2_000_001))).toMatchObject({ total: 5, most: null });
  });

  it('executes nothing that is worth time or does more than give a result', async () => {
    const { foresee } = world();
    await foresee(line(['a']));
    expect(calls).toEqual(['some']);
    const graph = aGraph().node('p', 'test.pass').node('last', 'test.stamp').wire('p.item', 'last.item').build();
    expect((await foresee(graph)).outputs.size).toBe(0);
  });

  it('knows nothing of what differs from run to run, nor of what only a run can evaluate', async () => {
    const { harness, foresee } = world();
    for (const mark of ['{{ run.time }}', '{{ run["id"] }}', '{{ 1 + 1 }}']) {
      await harness.run(line(['a'], mark));
      expect((await foresee(line(['a'], mark))).cached.size).toBe(0);
    }
    await harness.run(line(['a'], '{{ run.workflow }}'));
    expect([...(await foresee(line(['a'], '{{ run.workflow }}'))).cached]).toEqual(['first', 'last']);
  });

  it('may be in a loop, whose steps are known in the run only', async () => {
    const { harness, quote } = world();
    const loop = aGraph()
      .node('in', 'test.source', { values: ['a', 'b'] })
      .node('each', 'test.each')
      .node('up', 'test.stamp', {}, { parent: 'each' })
      .wire('in.item', 'each.items')
      .wire('each.item', 'up.item')
      .wire('up.item', 'each.result')
      .build();
    expect(await quote(loop)).toMatchObject({ total: 10, least: 10, most: 10 });
    await harness.run(loop);
    expect(await quote(loop)).toMatchObject({ total: 10, least: 0, most: 10 });
  });

  it('is what the run then finds there, whatever was run before', async () => {
    const value = fc.constantFrom('a', 'b', '');
    const mark = fc.constantFrom('1', '2', '3');
    const run = fc.tuple(fc.array(value, { minLength: 1, maxLength: 3 }), mark, mark);
    await fc.assert(
      fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 6 }), async (runs) => {
        const { harness, foresee, quote } = world();
        for (const [values, first, last] of runs) {
          const graph = line(values, first, last);
          const { cached, maybeCached } = await foresee(graph);
          const { least, most } = await quote(graph);
          const { steps } = await harness.run(graph);
          const found = Object.values(steps).filter((step) => step.state === 'cached');
          for (const { node } of found) expect(cached.has(node) || maybeCached.has(node)).toBe(true);
          for (const node of cached) expect(steps[node]?.state).toBe('cached');
          const owed = (['first', 'last'] as const).reduce(
            (sum, node) => sum + (steps[node]?.state === 'succeeded' ? 5 * steps[node].itemsIn : 0),
            0,
          );
          expect(owed).toBeGreaterThanOrEqual(least);
          expect(owed).toBeLessThanOrEqual(most ?? Number.POSITIVE_INFINITY);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('whether to look', () => {
  it('is yes where results are kept, and for a run that is accepted only where they cost credits', () => {
    const { registry } = world();
    const light = aGraph().node('in', 'test.source').node('some', 'test.some').wire('in.item', 'some.item').build();
    expect(mayForesee(light, registry)).toBe(false);
    expect(mayForesee(aGraph().node('in', 'test.table').build(), registry)).toBe(true);
    expect(mayForesee(line(['a']), registry)).toBe(true);
    expect(mayForesee(line(['a']), registry, TERMS(line(['a'])))).toBe(true);
    expect(mayForesee(line(['a']), registry, { version: 0, rules: [], bundle: null })).toBe(false);
  });
});
