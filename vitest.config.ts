import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Workspace packages are read from their TypeScript source, so a test never runs yesterday's build. */
const sourceCondition = '@imaginarium/source';

/** Overwrites Vite's defaults, hence the whole list. */
// Without 'module': some packages put a build for bundlers there that Node cannot load.
const resolve = { conditions: [sourceCondition, 'node', 'development|production'] };
const browserResolve = { conditions: [sourceCondition, 'module', 'browser', 'development|production'] };

const nodePackages = [
  'protocol',
  'node-sdk',
  'engine',
  'pictures',
  'nodes-base',
  'nodes-upscaler',
  'server',
  'client',
  'cli',
];

/** Packages whose test files get a process each: they measure its memory, or fill it. */
const apart = ['nodes-upscaler'];

const shared = {
  pool: 'forks' as const,
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // What is polled for comes: a second is little on a machine that has much to do.
  expect: { poll: { timeout: 20_000 } },
  // For the processes that tests start: they resolve workspace packages as the tests do, and compile each file once.
  env: {
    NODE_OPTIONS: `--conditions=${sourceCondition}`,
    NODE_COMPILE_CACHE: `${root}artifacts/compile-cache`,
  },
} satisfies TestProjectInlineConfiguration['test'];

function nodeProject(name: string): TestProjectInlineConfiguration {
  return {
    resolve,
    ssr: { resolve },
    test: {
      ...shared,
      name,
      root: `${root}packages/${name}`,
      environment: 'node',
      isolate: apart.includes(name),
      include: ['src/**/*.test.ts'],
      globalSetup: name === 'server' ? [`${root}tests/services/postgres-setup.ts`] : [],
    },
  };
}

const editorSetup = `${root}packages/editor-ui/src/testing/setup.ts`;

const editorProject: TestProjectInlineConfiguration = {
  resolve: browserResolve,
  ssr: { resolve: browserResolve },
  test: {
    ...shared,
    name: 'editor-ui',
    root: `${root}packages/editor-ui`,
    environment: 'jsdom',
    isolate: false,
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: existsSync(editorSetup) ? [editorSetup] : [],
  },
};

const toolingProject: TestProjectInlineConfiguration = {
  resolve,
  ssr: { resolve },
  test: {
    ...shared,
    name: 'tooling',
    root,
    environment: 'node',
    include: ['{tooling,docs,bench,examples,tests}/**/*.test.ts'],
  },
};

export default defineConfig({
  test: {
    // One more than the cores of the smallest machine: a third of the time, a test waits for a process or a timer.
    maxWorkers: 3,
    passWithNoTests: true,
    projects: [...nodePackages.map(nodeProject), editorProject, toolingProject],
  },
});
