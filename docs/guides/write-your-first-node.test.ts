import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { loadPackages, NodeRegistry } from '@imaginarium/engine';
import { aGraph, RunHarness } from '@imaginarium/engine/testing';
import { samplePng, TestFiles } from '@imaginarium/node-sdk/testing';
import { type JsonObject, parseGraph, validateGraph } from '@imaginarium/protocol';
import { OneTimeEngine } from '@imaginarium/server/one-time-engine';
import { packageIn } from '@imaginarium/server/packages';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeBlocks, readText, root } from '../markdown.ts';

const runFile = promisify(execFile);
const tsc = join(root, 'node_modules/.bin/tsc');

/** What a package in a checkout that was never built is checked against: the source. */
const CHECK_SETTINGS = {
  extends: './tsconfig.json',
  compilerOptions: {
    noEmit: true,
    customConditions: ['@imaginarium/source'],
    rewriteRelativeImportExtensions: false,
    allowImportingTsExtensions: true,
    rootDir: root,
  },
};

/** The files of a run stay when a step of it ends. */
class KeptFiles extends TestFiles {
  readonly hasFolder = true;
  noteReturned(): void {}

  override async [Symbol.asyncDispose](): Promise<void> {}

  async remove(): Promise<void> {
    await super[Symbol.asyncDispose]();
  }
}

describe('the package of the guide "Write your first node"', () => {
  const files = new KeptFiles();
  const registry = new NodeRegistry();
  let folder = '';

  beforeAll(async () => {
    // Inside the repository, as the guide says: from there `@imaginarium/node-sdk` is found.
    await mkdir(join(root, '.cache'), { recursive: true });
    folder = await mkdtemp(join(root, '.cache/guide-'));
    for (const { file, text } of codeBlocks(readText('docs/guides/write-your-first-node.md'))) {
      if (!file) continue;
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
    await writeFile(join(folder, 'tsconfig.check.json'), JSON.stringify(CHECK_SETTINGS));
    // Types are the first test's part; building must not need the built declarations of the kit.
    await output(runFile(tsc, ['--noCheck', '--noResolve'], { cwd: folder }));
    await loadPackages(registry, [folder]);
    const base = await packageIn(join(root, 'packages/nodes-base'));
    await loadPackages(registry, [base.folder], () => './src/index.ts');
  }, 60_000);

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await files.remove();
  });

  test('compiles under strict rules', { timeout: 60_000 }, async () => {
    await output(runFile(tsc, ['-p', 'tsconfig.check.json'], { cwd: folder }));
  });

  test('passes its own tests, conformance among them', { timeout: 60_000 }, async () => {
    const { scripts } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const [command, ...args] = scripts.test.split(' ');
    expect(command).toBe('node');
    const told = await output(runFile(process.execPath, args, { cwd: folder }));
    expect(told).toMatch(/pass 13\b/);
    expect(told).toMatch(/fail 0\b/);
  });

  test('is loaded by the engine', () => {
    expect(registry.packages()[0]).toEqual({
      name: 'my-nodes',
      version: '0.1.0',
      state: 'loaded',
      types: ['acme.sepia', 'acme.words'],
    });
  });

  test('runs in a workflow', async () => {
    const photo = { ...(await files.write(samplePng(), { name: 'me.png', width: 64, height: 48 })) } as JsonObject;
    const graph = aGraph()
      .node('photo', 'input.image', { images: [photo] })
      .node('sepia', 'acme.sepia', { strength: 1 })
      .node('text', 'input.text', { text: 'one two' })
      .node('words', 'acme.words')
      .wire('photo.image', 'sepia.image')
      .wire('text.text', 'words.text')
      .build();
    const nodes = registry.list().flatMap(({ type, version }) => registry.find(type, version)?.definition ?? []);
    const harness = new RunHarness(nodes, { openFiles: () => files });
    const { outcome, values } = await harness.run(graph);
    expect(outcome).toMatchObject({ state: 'succeeded', creditsSpent: 1, error: null });
    expect(values('words.word')).toEqual(['one', 'two']);
    const [tinted] = values('sepia.image');
    expect(tinted).toMatchObject({ name: 'sepia.png', mime: 'image/png' });
    expect(tinted).not.toMatchObject({ id: photo.id });
  });

  test('executes in a media process, from the workflow file of the guide', { timeout: 60_000 }, async () => {
    const parsed = parseGraph(JSON.parse(await readFile(join(folder, 'sepia.json'), 'utf8')));
    if (!parsed.ok) throw new Error(parsed.problems.map((problem) => problem.message).join(' '));
    expect(validateGraph(parsed.graph, registry).map((problem) => problem.code)).toEqual(['missing-param']);
    await writeFile(join(folder, 'me.png'), samplePng());
    using engine = new OneTimeEngine({
      registry,
      packages: [await packageIn(folder), { folder: join(root, 'packages/nodes-base'), entry: './src/index.ts' }],
      ...{ workFolder: join(folder, 'work'), outFolder: join(folder, 'out'), modelsFolder: join(folder, 'models') },
      ...{ pixelLimit: 100e6, maxBytes: 100e6, mediaConcurrency: 1, mediaMemoryMb: 2000 },
      ...{ codeConcurrency: 1, codeTimeoutMs: 2000, codeMemoryMb: 64 },
    });
    const photo = { ...(await engine.addFile(join(folder, 'me.png'))) } as JsonObject;
    const workflow = { name: 'Sepia', graph: parsed.graph };
    const logs: string[] = [];
    const { run } = await engine.execute(
      workflow,
      { photo: [photo] },
      (event) => event.type === 'log' && logs.push(event.message),
      new AbortController().signal,
    );
    expect(run).toMatchObject({ state: 'succeeded', error: null, cover: { name: 'sepia.png', width: 64, height: 48 } });
    expect(logs).toEqual(['Tinted me.png']);
  });
});

/** What a process wrote; when it failed, in the error too. */
async function output(running: Promise<{ stdout: string; stderr: string }>): Promise<string> {
  try {
    const { stdout, stderr } = await running;
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${(error as Error).message}\n${stdout}${stderr}`, { cause: error });
  }
}
