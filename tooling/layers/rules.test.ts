import { expect, test } from 'vitest';
import { findCycles } from './cycles.ts';
import { findViolations } from './rules.ts';
import { readSourceFacts } from './source-file.ts';
import { type Layer, layers } from './table.ts';
import type { Workspace, WorkspacePackage } from './workspace.ts';

const table: Record<string, Layer> = {
  words: { own: [], outside: ['zod'], builtins: [] },
  engine: { own: ['words'], outside: [], builtins: ['crypto'], files: [{ under: 'src/loader/', builtins: ['fs'] }] },
  server: { own: ['words', 'engine'], outside: 'listed', builtins: 'any' },
};

const dependencies: Record<string, string[]> = {
  words: ['zod'],
  engine: ['@own/words'],
  server: ['@own/words', '@own/engine', 'express'],
};

/** A workspace of three packages with these files; every package has at least an empty front door. */
function aWorkspace(files: Record<string, string>): Workspace {
  const packages = Object.keys(table).map((folder): WorkspacePackage => {
    const own = Object.entries({ [`packages/${folder}/src/index.ts`]: '', ...files }).filter(([path]) =>
      path.startsWith(`packages/${folder}/`),
    );
    return {
      folder,
      name: `@own/${folder}`,
      dependencies: new Set(dependencies[folder]),
      devDependencies: new Set(['supertest', '@types/express-session']),
      files: own.map(([path, text]) => ({ path, isTest: path.includes('.test.'), ...readSourceFacts(path, text) })),
    };
  });
  return { packages, rootDevDependencies: new Set(['vitest']) };
}

const violationsOf = (files: Record<string, string>) =>
  findViolations(aWorkspace(files), table).map(({ where, message }) => `${where} ${message}`);

test('accepts what the table allows', () => {
  expect(
    violationsOf({
      'packages/words/src/graph.ts': "import { z } from 'zod';\nimport './node.ts';",
      'packages/engine/src/run.ts': "import { createHash } from 'node:crypto';\nimport { graph } from '@own/words';",
      'packages/engine/src/loader/load.ts': "import { readFileSync } from 'node:fs';",
      'packages/server/src/config.ts':
        "import express from 'express';\nimport type { Session } from 'express-session';",
      'packages/server/src/app.test.ts':
        "import { test } from 'vitest';\nimport supertest from 'supertest';\nimport { startPostgres } from '../../../tests/services/postgres.ts';",
    }),
  ).toEqual([]);
});

test.each([
  [
    'a room below that imports one above',
    'packages/words/src/a.ts',
    "export * from '@own/engine';",
    'may know no own package',
  ],
  ['a deep import of a room above', 'packages/engine/src/a.ts', "await import('@own/server/x');", 'may know words'],
  ['an outside package the room may not know', 'packages/engine/src/a.ts', "import 'zod';", 'does not list'],
  ['a package that package.json does not list', 'packages/server/src/a.ts', "import 'pg';", 'does not list'],
  ['a development package in what ships', 'packages/server/src/a.ts', "import 'supertest';", 'does not list'],
  ['a builtin the room may not know', 'packages/engine/src/a.ts', "import { readFile } from 'node:fs';", 'node:fs'],
  ['a builtin without its prefix', 'packages/words/src/a.ts', "const fs = require('fs');", 'may not know here'],
  ['a reach into another package', 'packages/engine/src/a.ts', "import '../../words/src/a.ts';", 'reaches out'],
  ['a type from a room above', 'packages/words/src/a.ts', "let a: import('@own/server').A;", 'may know no own package'],
  ['its own front door', 'packages/server/src/a.ts', "import { a } from '@own/server';", 'its own package'],
])('refuses %s', (_name, path, text, message) => {
  const violations = violationsOf({ [path]: text });
  expect(violations).toHaveLength(1);
  expect(violations[0]).toContain(`${path}:1 `);
  expect(violations[0]).toContain(message);
});

test.each([
  'const port = process.env.PORT;',
  "const port = process['env'].PORT;",
  'const { env } = process;',
  'const { env: environment } = process;',
  "import { env } from 'node:process';",
  'const port = globalThis.process.env.PORT;',
])('lets only the configuration read the environment: %s', (text) => {
  expect(violationsOf({ 'packages/server/src/http/app.ts': text })).toEqual([
    expect.stringContaining('packages/server/src/http/app.ts:1 reads process.env'),
  ]);
  expect(violationsOf({ 'packages/server/src/config.ts': text })).toEqual([]);
  expect(violationsOf({ 'packages/server/src/http/app.test.ts': text })).toEqual([]);
});

test('refuses a circle of imports, but not one of types', () => {
  const circle = { 'packages/engine/src/a.ts': "import './b.ts';", 'packages/engine/src/b.ts': "import './a.ts';" };
  expect(violationsOf(circle)).toEqual([expect.stringContaining('in a circle: packages/engine/src/a.ts ->')]);
  const types = { ...circle, 'packages/engine/src/b.ts': "import type { A } from './a.ts';" };
  expect(violationsOf(types)).toEqual([]);
});

test('refuses folders of the engine that import each other, though it be for a type and by different files', () => {
  const ordered = { 'packages/engine/src/run/a.ts': "import '../step/b.ts';", 'packages/engine/src/step/b.ts': '' };
  expect(violationsOf(ordered)).toEqual([]);
  const back = { 'packages/engine/src/step/c.ts': "import type { A } from '../run/d.ts';" };
  expect(violationsOf({ ...ordered, ...back })).toEqual([
    'packages/engine/src/ has folders that import each other in a circle: run -> step -> run.',
  ]);
  const inTests = { 'packages/engine/src/step/c.test.ts': "import '../run/d.ts';" };
  expect(violationsOf({ ...ordered, ...inTests })).toEqual([]);
});

test('refuses packages that the table does not know, entries without a package, and a look at nothing', () => {
  const workspace = aWorkspace({});
  const stranger = { ...workspace.packages[0], folder: 'stranger', files: [] } as WorkspacePackage;
  const strange = { ...workspace, packages: [stranger] };
  expect(findViolations(strange, table).map((one) => one.where)).toEqual([
    'packages/words',
    'packages/engine',
    'packages/server',
    'packages/stranger',
    'packages',
  ]);
});

test('lists one circle per group and none in a graph without', () => {
  const graph = new Map([
    ['c', ['a']],
    ['a', ['b', 'd']],
    ['b', ['c']],
    ['d', ['d']],
  ]);
  expect(findCycles(graph).sort()).toEqual([['a', 'b', 'c'], ['d']]);
  expect(
    findCycles(
      new Map([
        ['a', ['b']],
        ['b', ['missing']],
      ]),
    ),
  ).toEqual([]);
});

test('the table itself has no circle', () => {
  expect(findCycles(new Map(Object.entries(layers).map(([name, layer]) => [name, layer.own])))).toEqual([]);
});
