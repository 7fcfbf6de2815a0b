import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPackages } from './load-packages.ts';
import { NodeRegistry } from './node-registry.ts';

const description = (type: string) => ({
  ...{ type, version: 1, title: 'T', summary: 'S.', group: 'flow', icon: 'box', inputs: {}, outputs: {}, params: {} },
  ...{ credentials: {}, credits: 0, effects: 'pure', mode: 'each', typicalMs: 1 },
});
const node = (type: string, changes: object = {}) =>
  `{ description: ${JSON.stringify({ ...description(type), ...changes })}, upgrade: {}, credits: () => 0, resources() {}, yields: () => 1, fingerprint: async () => '', execute: async () => ({}) }`;
const entry = (...nodes: string[]) => `export default { nodes: [${nodes.join(',')}] };`;
const manifest = (changes: object = {}, imaginarium: unknown = { api: 1, entry: './index.mjs' }) =>
  JSON.stringify({ name: 'a-package', version: '1.2.3', imaginarium, ...changes });

let root: string;
let count = 0;
beforeAll(() => {
  root = mkdtempSync(join(realpathSync(import.meta.dirname), '.load-packages-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function aPackage(files: Record<string, string>): string {
  const folder = join(root, `package-${count++}`);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

async function load(...folders: string[]) {
  const registry = new NodeRegistry();
  await loadPackages(registry, folders);
  return registry;
}

describe('loadPackages', () => {
  it('loads the nodes of a package and says what it brought', async () => {
    const folder = aPackage({ 'package.json': manifest(), 'index.mjs': entry(node('acme.a'), node('acme.b')) });
    const registry = await load(folder);
    expect(registry.packages()).toEqual([
      { name: 'a-package', version: '1.2.3', state: 'loaded', types: ['acme.a', 'acme.b'] },
    ]);
    expect(registry.describe('acme.a', 1)).toEqual(description('acme.a'));
    expect(registry.describe('acme.a', 2)).toBeUndefined();
    expect(registry.find('acme.b', 1)).toMatchObject({ packageName: 'a-package', packageVersion: '1.2.3' });
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['without a package.json', { 'index.mjs': '' }, /^There is no package\.json in /],
    ['whose package.json is no JSON', { 'package.json': '{' }, /^package\.json is not JSON\.$/],
    ['whose package.json is null', { 'package.json': 'null' }, /^package\.json is not an object\.$/],
    ['without a name', { 'package.json': manifest({ name: undefined }) }, /^package\.json has no name\.$/],
    ['without a version', { 'package.json': manifest({ version: 1 }) }, /^package\.json has no version\.$/],
    [
      'that is no node package',
      { 'package.json': manifest({}, null) },
      /no "imaginarium" field: it is not a node package/,
    ],
    [
      'for another api',
      { 'package.json': manifest({}, { api: 2, entry: './index.mjs' }) },
      /^imaginarium\.api: this server speaks 1, the package 2\.$/,
    ],
    [
      'without an entry',
      { 'package.json': manifest({}, { api: 1 }) },
      /^imaginarium\.entry: expected the file to import\.$/,
    ],
    [
      'that was not built',
      { 'package.json': manifest() },
      /^The entry \.\/index\.mjs does not exist\. Build the package first\.$/,
    ],
    [
      'whose entry lies outside',
      { 'package.json': manifest({}, { api: 1, entry: '../package-0/index.mjs' }) },
      /^The entry \.\.\/package-0\/index\.mjs lies outside the package\.$/,
    ],
    ['with a syntax error', { 'package.json': manifest(), 'index.mjs': 'export default {' }, /./],
    [
      'that throws when it is loaded',
      { 'package.json': manifest(), 'index.mjs': 'throw new Error("no key");' },
      /^no key$/,
    ],
    ['that throws no error', { 'package.json': manifest(), 'index.mjs': 'throw "text";' }, /^text$/],
    [
      'that exports nothing',
      { 'package.json': manifest(), 'index.mjs': '' },
      /must export definePackage\(\{ nodes: \[\.\.\.\] \}\) by default\.$/,
    ],
    [
      'with a node that is nothing',
      { 'package.json': manifest(), 'index.mjs': entry('null') },
      /^The description of a node without a type is wrong at its top/,
    ],
    [
      'with a wrong description',
      { 'package.json': manifest(), 'index.mjs': entry(node('acme.x', { effects: 'none' })) },
      /^The description of acme\.x is wrong at effects: /,
    ],
    [
      'with a type without a namespace',
      { 'package.json': manifest(), 'index.mjs': entry(node('sepia')) },
      /is wrong at type: /,
    ],
    [
      'with a port called error',
      { 'package.json': manifest(), 'index.mjs': entry(node('acme.x', { outputs: { error: { type: 'text' } } })) },
      /"error" are taken/,
    ],
    [
      'with a description and no functions',
      { 'package.json': manifest(), 'index.mjs': entry(`{ description: ${JSON.stringify(description('acme.x'))} }`) },
      /^acme\.x was not made with defineNode\.$/,
    ],
    [
      'with a type twice',
      { 'package.json': manifest(), 'index.mjs': entry(node('acme.x'), node('acme.x')) },
      /^The package brings the node type acme\.x@1 twice\.$/,
    ],
  ])('lists a package %s with its error, and loads the others', async (_what, files, message) => {
    const broken = aPackage(files);
    const good = aPackage({ 'package.json': manifest({ name: 'good' }), 'index.mjs': entry(node('good.node')) });
    const registry = await load(broken, good);
    const [first, second] = registry.packages();
    expect(first).toMatchObject({ state: 'failed', types: [] });
    expect(first?.error).toMatch(message);
    expect(second).toMatchObject({ name: 'good', state: 'loaded', types: ['good.node'] });
    expect(registry.list().map(({ type }) => type)).toEqual(['good.node']);
  });

  it('follows no link out of the package', async () => {
    const outside = aPackage({ 'index.mjs': entry(node('acme.outside')) });
    const folder = aPackage({ 'package.json': manifest() });
    symlinkSync(join(outside, 'index.mjs'), join(folder, 'index.mjs'));
    expect((await load(folder)).packages()[0]?.error).toBe('The entry ./index.mjs lies outside the package.');
  });

  it('takes a folder that only looks like a way out', async () => {
    const files = {
      'package.json': manifest({}, { api: 1, entry: './..dist/index.mjs' }),
      '..dist/index.mjs': entry(node('acme.dots')),
    };
    expect((await load(aPackage(files))).packages()[0]).toMatchObject({ state: 'loaded' });
  });

  it('lets no package shadow the type of another: the second is not loaded at all', async () => {
    const first = aPackage({ 'package.json': manifest({ name: 'first' }), 'index.mjs': entry(node('acme.same')) });
    const second = aPackage({
      'package.json': manifest({ name: 'second' }),
      'index.mjs': entry(node('acme.own'), node('acme.same')),
    });
    const registry = await load(first, second);
    expect(registry.packages()[1]).toMatchObject({
      state: 'failed',
      error: 'The node type acme.same@1 is already brought by first.',
    });
    expect(registry.list().map(({ type }) => type)).toEqual(['acme.same']);
    expect(registry.find('acme.same', 1)?.packageName).toBe('first');
  });
});
