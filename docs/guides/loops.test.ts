import { NodeRegistry } from '@imaginarium/engine';
import { noFiles, RunHarness } from '@imaginarium/engine/testing';
import nodesBase from '@imaginarium/nodes-base';
import { type JsonObject, validateGraph } from '@imaginarium/protocol';
import { describe, expect, test } from 'vitest';
import { readText } from '../markdown.ts';
import { blocksOf, graphOf, shownGraphs } from '../shown-graphs.ts';

const blocks = blocksOf(readText('docs/guides/loops.md'));
const shown = shownGraphs(blocks);
const registry = new NodeRegistry();
registry.add({ name: '@imaginarium/nodes-base', version: '0.0.0' }, nodesBase.nodes);

describe('docs/guides/loops.md', () => {
  test('shows after each graph what came of it', () => {
    expect(shown.length).toBeGreaterThan(2);
    expect(blocks).toHaveLength(shown.length * 2);
  });

  test.each(shown)(
    'shows a graph without a problem, and what it gives: $graph.nodes.1.name',
    async ({ graph, told }) => {
      const parsed = graphOf(graph);
      expect(validateGraph(parsed, registry)).toEqual([]);
      const { outcome, steps } = await new RunHarness(nodesBase.nodes, { openFiles: () => noFiles }).run(parsed);
      expect(outcome).toMatchObject({ state: 'succeeded', error: null });
      for (const [place, fields] of Object.entries(told?.content as JsonObject)) {
        const [node = '', output = ''] = place.split('.');
        expect((steps[node]?.outputs[output] ?? []).map((item) => item.fields)).toEqual(fields);
      }
    },
  );
});
