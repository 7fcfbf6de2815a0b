import { emptyGraph, type Graph, type GraphNode } from '../graph.ts';
import type { JsonObject } from '../json.ts';
import { catalogueOf, type NodeDescription } from '../node-description.ts';
import { validateGraph } from '../validate-graph.ts';

const described = (type: string, changes: Partial<NodeDescription> = {}): NodeDescription => ({
  ...{ type, version: 1, title: type, summary: type, group: 'processing', icon: 'box' },
  ...{ inputs: {}, outputs: {}, params: {}, credentials: {}, credits: 0, effects: 'pure', mode: 'each', typicalMs: 1 },
  ...changes,
});

/** Node types with the ports and params that graphs can be wrong about. */
export const catalogue = catalogueOf([
  described('test.source', { outputs: { text: { type: 'text' }, image: { type: 'image' } } }),
  described('test.step', {
    inputs: { text: { type: 'text' }, extra: { type: 'any', optional: true, many: true } },
    outputs: { text: { type: 'text' } },
    params: {
      title: { kind: 'text', title: 'Title', default: 'x' },
      size: { kind: 'number', title: 'Size', default: 1, max: 5 },
      must: { kind: 'text', title: 'Must', default: 'set', required: true },
      rows: { kind: 'list', title: 'Rows', default: [], of: { kind: 'number', title: 'Row', default: 0 } },
      script: { kind: 'code', title: 'Script', default: '', language: 'javascript' },
      hidden: { kind: 'number', title: 'Hidden', default: 0, max: 1, showWhen: { size: 5 } },
    },
  }),
  described('test.each', {
    inputs: { items: { type: 'any' } },
    outputs: { results: { type: 'any' } },
    body: {
      loop: 'each',
      gives: { item: { type: 'text', of: 'items' } },
      takes: { result: { type: 'any', into: 'results' } },
    },
  }),
  described('test.trigger', { trigger: 'webhook', outputs: { text: { type: 'text' } } }),
  described('test.image', { inputs: { image: { type: 'image' } } }),
  described('test.wait', { waits: true, inputs: { text: { type: 'text' } }, outputs: { text: { type: 'text' } } }),
  described('test.all', { mode: 'all', inputs: { text: { type: 'text' } }, outputs: { text: { type: 'text' } } }),
]);

/** A node, a step when its type is left out. Its name is its id in capitals. */
export const node = (
  id: string,
  type = 'test.step',
  params: JsonObject = {},
  rest: Partial<GraphNode> = {},
): GraphNode => ({
  ...{ id, type, version: 1, name: id.toUpperCase(), params, position: { x: 0, y: 0 } },
  ...rest,
});
/** A wire from `node.port` to `node.port`. */
export const wire = (from: string, to: string, index = 0) => {
  const [source = '', output = ''] = from.split('.');
  const [target = '', input = ''] = to.split('.');
  return {
    id: `${from}-${to}-${index}`.replaceAll('.', '_'),
    from: { node: source, port: output },
    to: { node: target, port: input },
  };
};
/** An empty graph with some of it filled in. */
export const graph = (changes: Partial<Graph>): Graph => ({ ...emptyGraph(), ...changes });
/** Gives a text and an image. */
export const source = node('in', 'test.source');
/** Nodes that are each fed by {@link source}. */
export const fed = (...nodes: GraphNode[]): Graph =>
  graph({ nodes: [source, ...nodes], edges: nodes.map(({ id }) => wire('in.text', `${id}.text`)) });

/** The problems of a graph by their codes, in the order in which they are reported. */
export const codesOf = (value: Graph) => validateGraph(value, catalogue).map((problem) => problem.code);

/** Loops in one another, `l0` around `l1` and so on, with one step in the innermost. */
export const nested = (depth: number, change: (innermost: GraphNode) => GraphNode = (entry) => entry): Graph => {
  const loops = Array.from({ length: depth }, (_, at) =>
    node(`l${at}`, 'test.each', {}, { parent: at === 0 ? null : `l${at - 1}` }),
  );
  const last = `l${depth - 1}`;
  return graph({
    nodes: [source, ...loops, change(node('a', 'test.step', {}, { parent: last }))],
    edges: [
      wire('in.text', 'l0.items'),
      ...loops
        .slice(1)
        .flatMap(({ id }, at) => [wire(`l${at}.item`, `${id}.items`), wire(`${id}.results`, `l${at}.result`)]),
      wire(`${last}.item`, 'a.text'),
      wire('a.text', `${last}.result`),
    ],
  });
};
