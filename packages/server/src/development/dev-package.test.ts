import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NodeRegistry } from '@imaginarium/engine';
import { afterEach, describe, expect, it } from 'vitest';
import type { PackageFolder } from '../packages.ts';
import { DevPackage, type DevReport } from './dev-package.ts';
import { sourceEntry } from './source-entry.ts';
import { tryPackage } from './try-package.ts';

const folders: string[] = [];
const scratch = join(realpathSync(import.meta.dirname), '../../../../.cache');
const opened: DevPackage[] = [];
afterEach(async () => {
  for (const entry of opened.splice(0)) await entry.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const MANIFEST = JSON.stringify({
  ...{ name: 'my-nodes', version: '0.1.0', type: 'module' },
  imaginarium: { api: 1, entry: './dist/index.js' },
});
const node = (said: string) => `
  import { defineNode, port } from '@imaginarium/node-sdk';
  const said: string = ${JSON.stringify(said)};
  export const say = defineNode({
    type: 'acme.say', version: 1, title: 'Say', summary: 'Says.', group: 'processing', icon: 'type',
    inputs: {}, outputs: { text: port.text() }, effects: 'pure', execute: () => ({ text: said }),
  });`;
const entry = `import { definePackage } from '@imaginarium/node-sdk';
  import { say } from './say.ts';
  export default definePackage({ nodes: [say] });`;

function write(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function aFolder(files: Record<string, string>): string {
  // Inside the project, from where the kit is found.
  mkdirSync(scratch, { recursive: true });
  const folder = mkdtempSync(join(scratch, 'dev-package-'));
  folders.push(folder);
  write(folder, files);
  return folder;
}

async function open(folder: string) {
  const registry = new NodeRegistry();
  const reports: DevReport[] = [];
  const loadedFrom = new Map<number, PackageFolder>();
  const developed = new DevPackage({
    ...{ folder, registry },
    onLoaded: (revision, from) => loadedFrom.set(revision, from),
    onReport: (report) => reports.push(report),
  });
  opened.push(developed);
  await developed.open();
  const says = async (revision?: number) => {
    const result = await registry.find('acme.say', 1, revision)?.definition.execute({} as never);
    return result && 'text' in result ? result.text : undefined;
  };
  const told = async (count: number) => {
    await expect.poll(() => reports.length, { timeout: 20_000 }).toBe(count);
    return reports.at(-1);
  };
  return { registry, reports, loadedFrom, developed, says, told };
}

describe('a package under development', { timeout: 60_000 }, () => {
  it('is loaded from its TypeScript source, and anew when any of its files is saved; what began before goes on with what it had', async () => {
    const folder = aFolder({ 'package.json': MANIFEST, 'src/index.ts': entry, 'src/say.ts': node('one') });
    const { registry, reports, says, told, loadedFrom } = await open(folder);
    expect(reports).toEqual([
      { ...{ ok: true, name: 'my-nodes', version: '0.1.0', types: ['acme.say@1'] }, durationMs: expect.any(Number) },
    ]);
    const [first] = registry.packages();
    expect(first).toMatchObject({
      state: 'loaded',
      development: true,
      version: expect.stringMatching(/^0\.1\.0\+dev\.[0-9a-f]{8}$/),
    });
    write(folder, { 'src/say.ts': node('two') });
    expect(await told(2)).toMatchObject({ ok: true });
    expect([await says(), await says(1), await says(2)]).toEqual(['two', 'one', 'two']);
    // The cache must not answer for other code.
    expect(registry.packages()[0]?.version).not.toBe(first?.version);
    expect([...loadedFrom.keys()]).toEqual([1, 2]);
  });

  it('keeps the last good version through broken saves, says where they are broken, and goes on once they are mended', async () => {
    const folder = aFolder({ 'package.json': MANIFEST, 'src/index.ts': entry, 'src/say.ts': node('good') });
    const { registry, says, told } = await open(folder);
    const broken = { ok: false, name: 'my-nodes', keeps: true };
    write(folder, { 'src/say.ts': `\n\nexport const say = {{;` });
    expect(await told(2)).toEqual({ ...broken, error: expect.stringMatching(/^src\/say\.ts:3: /) });
    write(folder, { 'src/say.ts': `\nthrow new TypeError('no key');\nexport const say = 1;` });
    expect(await told(3)).toEqual({ ...broken, error: 'src/say.ts:2: no key' });
    write(folder, { 'src/say.ts': 'export const say = { description: {} };' });
    expect(await told(4)).toEqual({
      ...broken,
      error: expect.stringContaining('The description of a node without a type is wrong'),
    });
    write(folder, { 'src/say.ts': 'export const say = 1; process.exit(0);' });
    expect(await told(5)).toEqual({ ...broken, error: 'Loading it ended the process (code 0).' });
    write(folder, { 'package.json': '{' });
    expect(await told(6)).toEqual({ ...broken, error: 'package.json is not JSON.' });
    expect(await says()).toBe('good');
    expect(registry.packages()[0]).toMatchObject({ state: 'loaded', error: 'package.json is not JSON.' });
    write(folder, { 'package.json': MANIFEST, 'src/say.ts': node('mended') });
    await expect.poll(() => says(), { timeout: 20_000 }).toBe('mended');
    expect(registry.packages()[0]?.error).toBeUndefined();
  });

  it('may be broken from the start', async () => {
    const folder = aFolder({ 'package.json': MANIFEST, 'src/index.ts': 'import "./nowhere.ts";' });
    const { registry, reports, told } = await open(folder);
    expect(reports[0]).toMatchObject({ ok: false, keeps: false, error: expect.stringContaining('src/nowhere.ts') });
    expect(registry.packages()[0]).toMatchObject({ name: 'my-nodes', state: 'failed', development: true });
    write(folder, { 'src/index.ts': entry, 'src/say.ts': node('at last') });
    await expect.poll(() => registry.packages()[0]?.state, { timeout: 20_000 }).toBe('loaded');
    expect(reports.at(-1)).toMatchObject({ ok: true });
    expect(told).toBeDefined();
  });

  it('sees files in folders that are made later, and leaves nothing behind', async () => {
    const folder = aFolder({ 'package.json': MANIFEST, 'src/index.ts': entry, 'src/say.ts': node('one') });
    const { told, says, developed } = await open(folder);
    write(folder, { 'src/deep/words.ts': 'export const said = "deep";' });
    await told(2);
    write(folder, { 'src/deep/words.ts': 'export const said = "deeper";' });
    await told(3);
    write(folder, {
      'src/say.ts': `import { said as words } from './deep/words.ts';${node('x').replace('"x"', 'words')}`,
    });
    await told(4);
    expect(await says()).toBe('deeper');
    await developed.close();
    expect(readdirSync(join(folder, '.imaginarium'))).toEqual(['.gitignore']);
  });

  it('is refused where there is none', async () => {
    const folder = aFolder({});
    await expect(open(folder)).rejects.toThrow(
      `${folder} cannot be loaded as a node package: There is no package.json in ${folder}. Name the folder that holds its package.json.`,
    );
  });
});

it('a package that never ends loading is given up', { timeout: 30_000 }, async () => {
  const folder = aFolder({ 'package.json': MANIFEST, 'index.js': 'for (;;);' });
  expect(await tryPackage(folder, './index.js', 1500)).toBe(
    'It was not loaded within 1.5 seconds: something waits or loops where its files are imported.',
  );
});

it('the source of a built entry is what is loaded, where it is there', () => {
  const folder = aFolder({ 'src/index.ts': '', 'src/deep/main.mts': '' });
  expect(
    [
      './dist/index.js',
      'build/index.mjs',
      './dist/deep/main.js',
      './dist/other.js',
      './src/index.ts',
      './index.js',
    ].map((path) => sourceEntry(folder, path)),
  ).toEqual([
    './src/index.ts',
    './src/index.ts',
    './src/deep/main.mts',
    './dist/other.js',
    './src/index.ts',
    './index.js',
  ]);
});
