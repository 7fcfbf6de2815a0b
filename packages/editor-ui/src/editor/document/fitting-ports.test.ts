import { type Graph, outputPorts } from '@imaginarium/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aGraph } from '../testing/graphs.ts';
import { testCatalogue, testTypes } from '../testing/node-types.ts';
import { fittingPorts, portKey, type WireEnd } from './fitting-ports.ts';
import { connect, objectToWire, type PortRef } from './wires.ts';

function portsOf(graph: Graph, side: WireEnd['side']): PortRef[] {
  return graph.nodes.flatMap((node) => {
    const description = testCatalogue.describe(node.type, 1);
    if (!description) return [];
    const ports = side === 'input' ? description.inputs : outputPorts(node, description);
    return Object.keys(ports).map((port) => ({ node: node.id, port }));
  });
}

const graphs = fc
  .tuple(
    fc.array(fc.constantFrom(...testTypes.map((entry) => entry.type)), { minLength: 1, maxLength: 7 }),
    fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 12 }),
  )
  .map(([types, wires]) => {
    const nodes = Object.fromEntries(types.map((type, index) => [`n${index}`, type]));
    return wires.reduce((graph, [a, b], index) => {
      const outputs = portsOf(graph, 'output');
      const inputs = portsOf(graph, 'input');
      const from = outputs[a % Math.max(outputs.length, 1)];
      const to = inputs[b % Math.max(inputs.length, 1)];
      return from && to ? connect(graph, { from, to }, `e${index}`, testCatalogue) : graph;
    }, aGraph(nodes));
  });

it('the ports that light up are those at which a wire would be drawn, from either end', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const outputs = portsOf(graph, 'output');
      const inputs = portsOf(graph, 'input');
      for (const from of outputs) {
        const fits = fittingPorts(graph, { ...from, side: 'output' }, testCatalogue);
        for (const to of inputs) {
          const drawn = objectToWire(graph, { from, to }, testCatalogue) === undefined;
          expect(fits.has(portKey(to.node, 'input', to.port))).toBe(drawn);
          const back = fittingPorts(graph, { ...to, side: 'input' }, testCatalogue);
          expect(back.has(portKey(from.node, 'output', from.port))).toBe(drawn);
        }
      }
    }),
  );
});
