import type { Graph, GraphInput } from '@imaginarium/protocol';
import { freeName } from './ids.ts';

/** The run input that fills a param, when a run asks for it. */
export function inputOf(graph: Pick<Graph, 'inputs'>, node: string, param: string): GraphInput | undefined {
  return graph.inputs.find((input) => input.to.some((target) => target.node === node && target.param === param));
}

/** Makes every run ask for a param. Its stored value stays, as the default. */
export function askWhenRun(graph: Graph, node: string, param: string, title: string): Graph {
  if (inputOf(graph, node, param)) return graph;
  const taken = new Set(graph.inputs.map((input) => input.key));
  const input: GraphInput = { key: freeName(keyFrom(title), taken, '_'), title, to: [{ node, param }] };
  return { ...graph, inputs: [...graph.inputs, input] };
}

/** Stops asking for a param; an input that fills nothing any more goes away. */
export function stopAsking(graph: Graph, node: string, param: string): Graph {
  if (!inputOf(graph, node, param)) return graph;
  const inputs = graph.inputs
    .map((input) => ({
      ...input,
      to: input.to.filter((target) => target.node !== node || target.param !== param),
    }))
    .filter((input) => input.to.length > 0);
  return { ...graph, inputs };
}

/** A key as the schema wants it: a letter, then letters, digits, `-` or `_`; room is left for a number behind it. */
function keyFrom(title: string): string {
  const words = title
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^[^A-Za-z]+|_+$/g, '')
    .toLowerCase()
    .slice(0, 48);
  return words === '' || words === 'constructor' || words === 'prototype' ? 'input' : words;
}
