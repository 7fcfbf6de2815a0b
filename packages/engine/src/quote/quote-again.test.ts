import { defineNode, defineTrigger, json, port } from '@imaginarium/node-sdk';
import type { Json, PriceTerms } from '@imaginarium/protocol';
import { expect, it } from 'vitest';
import { aGraph, aLightNode, listSource, noFiles, RunHarness } from '../testing/index.ts';
import { quoteAgain } from './quote-again.ts';
import { quoteRun } from './quote-run.ts';

const hook = defineTrigger({
  ...{ type: 'test.hook', version: 1, trigger: 'webhook', title: 'Hook', summary: 'Hears.', icon: 'webhook' },
  outputs: { item: port.any() },
  params: { sample: json({ title: 'Sample', default: {} }) },
  execute: ({ params }) => ({ item: params.sample }),
});
const stamp = defineNode({
  ...aLightNode,
  type: 'test.stamp',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  execute: ({ input }) => ({ item: input.item }),
});

const terms = (credits: number): PriceTerms => ({
  ...{ version: 1, bundle: null },
  rules: [{ type: 'test.stamp', credits, per: 'item' }],
});
const measured = new Map<string, number>();

it('quotes a graph once for all that its trigger brings, and anew when prices or times have changed', () => {
  const { registry } = new RunHarness([hook, stamp, listSource], { openFiles: () => noFiles }).services;
  const graph = aGraph().node('hook', 'test.hook').node('up', 'test.stamp').wire('hook.item', 'up.item').build();
  graph.inputs.push({ key: 'trigger', to: [{ node: 'hook', param: 'sample' }] });
  const [five, six] = [terms(5), terms(6)];
  const quote = (trigger: Json, basis = { measured, terms: five }) => quoteAgain(graph, { trigger }, registry, basis);
  const first = quote({ name: 'mug' });
  expect(first).toEqual(quoteRun(graph, { trigger: { name: 'mug' } }, registry, { measured, terms: five }));
  expect(quote(['{{ 1 }}', 2])).toBe(first);
  expect(quote({}, { measured, terms: six }).total).toBe(6);
  const slow = new Map([['test.stamp@1', 9000]]);
  expect(quote({}, { measured: slow, terms: six }).estimateMs).toBeGreaterThan(8000);
  const picture = { id: 'a'.repeat(64), kind: 'image', mime: 'image/png', bytes: 1, name: 'a.png' };
  expect(quote(picture)).not.toBe(quote(picture));
  expect(() => quoteAgain(graph, { other: 1 }, registry, { measured })).toThrow('expected trigger, received "other"');
});

it('quotes other inputs each time: they decide how many items there are', () => {
  const { registry } = new RunHarness([hook, stamp, listSource], { openFiles: () => noFiles }).services;
  const graph = aGraph().node('in', 'test.list').node('up', 'test.stamp').wire('in.item', 'up.item').build();
  graph.inputs.push({ key: 'values', to: [{ node: 'in', param: 'values' }] });
  const basis = { measured, terms: terms(5) };
  expect(quoteAgain(graph, { values: [1] }, registry, basis).total).toBe(5);
  expect(quoteAgain(graph, { values: [1, 2, 3] }, registry, basis).total).toBe(15);
});
