import { existsSync, globSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { layers } from '../tooling/layers/table.ts';
import { inlineCode, readText, root } from './markdown.ts';
import { type SourceNames, sourceNames } from './source-names.ts';

const page = readText('docs/architecture.md');

/** A path below the repository, as the page writes it. */
const PATH = /^(packages|tooling|docs|examples|tests|bench)\/[\w./-]+$/;
/** `name()`, `Class.method()` or, as a type or class is written, `Name` and `Name.method`. */
const NAME = /^(?:[A-Za-z]\w*(?:\.\w+)?\(\)|[A-Z][a-z]\w*(?:\.\w+)?|[A-Z][A-Z_]+[A-Z])$/;

/** What is wrong with the names in a page: files that do not exist, and names that their files do not have. */
function findLies(markdown: string): string[] {
  // A list item or a paragraph may be wrapped; a row of a table never is.
  const pieces = markdown.replaceAll(/\n(?![\n|#-]|\d+\. |```)/g, ' ').split('\n');
  return pieces.flatMap((line) => {
    const code = inlineCode(line);
    const paths = code.filter((text) => PATH.test(text));
    const missing = paths.filter((path) => !existsSync(root + path)).map((path) => `${path} does not exist`);
    const sources = paths.filter((path) => /\.tsx?$/.test(path) && !missing.some((lie) => lie.startsWith(path)));
    const known = sources.length > 0 ? sources.map(namesIn) : everything();
    const names = code.filter((text) => NAME.test(text)).map((text) => text.replace('()', ''));
    const strangers = names.filter((name) => !known.some((source) => has(source, name)));
    return [...missing, ...strangers.map((name) => `${name} is not in ${sources.join(', ') || 'any package'}`)];
  });
}

function has({ exported, members }: SourceNames, name: string): boolean {
  const [owner = ''] = name.split('.');
  return name.includes('.') ? exported.has(owner) && members.has(name) : exported.has(name) || members.has(name);
}

const read = new Map<string, SourceNames>();

function namesIn(path: string): SourceNames {
  const names = read.get(path) ?? sourceNames(path, readText(path));
  read.set(path, names);
  return names;
}

/** Names in a line without a file may come from any package but the screens, and must be exported there. */
function everything(): SourceNames[] {
  return globSync('packages/*/src/**/*.ts', { cwd: root })
    .filter((path) => !path.startsWith('packages/editor-ui/') && !/\.test(-d)?\.ts$/.test(path))
    .map(namesIn)
    .map(({ exported, members }) => ({
      exported,
      members: new Set([...members].filter((name) => name.includes('.'))),
    }));
}

test.each(globSync('docs/decisions/*.md', { cwd: root }))('%s names only what exists', (path) => {
  expect(findLies(readText(path))).toEqual([]);
});

describe('docs/architecture.md', () => {
  test('names only files, functions and classes that exist', () => {
    expect(findLies(page)).toEqual([]);
  });

  test('names enough of them to be a walk through the house', () => {
    expect(new Set(inlineCode(page).filter((text) => PATH.test(text))).size).toBeGreaterThan(45);
    expect(new Set(inlineCode(page).filter((text) => NAME.test(text))).size).toBeGreaterThan(65);
  });

  test('draws the rooms as the check of imports holds them', () => {
    const rows = page.matchAll(/^\| ([\w-]+) \| ([\w, -]+) \| .* \|$/gm);
    const drawn = Object.fromEntries(
      [...rows]
        .filter(([, name = '']) => Object.hasOwn(layers, name))
        .map(([, name = '', own = '']) => [name, own === '-' ? [] : own.split(', ')]),
    );
    expect(drawn).toEqual(Object.fromEntries(Object.entries(layers).map(([name, layer]) => [name, layer.own])));
  });
});

test('a file, function, method or class that does not exist is found', () => {
  const worker = '`packages/server/src/worker/worker.ts`';
  expect(findLies(`${worker}: \`Worker.start()\` takes runs`)).toEqual([]);
  expect(findLies(`${worker}: \`Worker.fly()\`, \`fly()\` and \`Bird\``)).toHaveLength(3);
  expect(findLies('`packages/server/src/worker/gone.ts`')).toEqual([
    'packages/server/src/worker/gone.ts does not exist',
  ]);
  expect(findLies('`executeRun()` and `RunStore`')).toEqual([]);
  expect(findLies('`executeRuns()`')).toEqual(['executeRuns is not in any package']);
});
