import { fileURLToPath } from 'node:url';
import { pricesSchema } from '@imaginarium/protocol';
import { expect, test } from 'vitest';
import { openRegistry } from '../packages.ts';
import { BUILT_IN_PRICES } from './built-in-prices.ts';

/** Node types that cost nothing on purpose: they bring items in, move them on, save them, or touch them up in seconds. A new one is priced, or joins this list. */
const FREE = [
  'http.request',
  ...['code.javascript', 'generator.pattern', 'input.dataset', 'input.image', 'input.text', 'storage.folder'],
  ...['flow.aggregate', 'flow.approve', 'flow.dedupe', 'flow.filter', 'flow.for-each', 'flow.if', 'flow.limit'],
  ...['flow.merge', 'flow.repeat', 'flow.respond', 'flow.run-workflow', 'flow.set-fields', 'flow.sort', 'flow.split'],
  ...['flow.stop', 'flow.switch', 'flow.wait', 'processing.convert', 'processing.resize'],
  ...['trigger.schedule', 'trigger.webhook', 'trigger.workflow-failed', 'upscaler.compare'],
  ...[
    'upscaler.clean-background',
    'upscaler.colour-correct',
    'upscaler.denoise',
    'upscaler.face-restore',
    'upscaler.sharpen',
    'upscaler.smart-crop',
  ],
];

const folderOf = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const registry = await openRegistry(
  ['nodes-base', 'nodes-upscaler'].map((name) => ({ folder: folderOf(name), entry: './src/index.ts' })),
);
const { version, ...prices } = BUILT_IN_PRICES;
const priced = prices.rules.map(({ type }) => type);

test('the built-in prices are prices as an owner may edit them, and are version 0', () => {
  expect(pricesSchema.parse(prices)).toEqual(prices);
  expect(version).toBe(0);
});

test('somebody decided about the price of every node type that ships: it has a rule, or is free on purpose', () => {
  const shipped = [...new Set(registry.list().map(({ type }) => type))];
  expect(shipped.length).toBeGreaterThan(30);
  expect(shipped.filter((type) => !priced.includes(type)).sort()).toEqual([...FREE].sort());
});

test('a price by the choice of a param names a param and choices that the node has', () => {
  const rules = prices.rules.filter((rule) => rule.choices);
  expect(rules.map(({ type }) => type)).toEqual(['upscaler.to-size']);
  for (const { type, choices } of rules) {
    const spec = registry.describe(type, 1)?.params[choices?.param ?? ''];
    const values = spec?.kind === 'choice' && Array.isArray(spec.options) ? spec.options.map(({ value }) => value) : [];
    expect(values).toEqual(expect.arrayContaining(Object.keys(choices?.credits ?? {})));
  }
});
