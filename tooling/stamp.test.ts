import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type BuildTarget, fingerprint, isBuilt, rememberBuild } from './stamp.ts';

/** A folder with two source files that were just built. */
function aBuiltFolder(): { folder: string; target: BuildTarget } {
  const folder = mkdtempSync(join(tmpdir(), 'imaginarium-stamp-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'src/deep'), { recursive: true });
  writeFileSync(join(folder, 'src/a.ts'), 'a');
  writeFileSync(join(folder, 'src/deep/b.ts'), 'b');
  const target = {
    inputs: [join(folder, 'src'), join(folder, 'package-lock.json')],
    outputs: [join(folder, 'out.js')],
    stampFile: join(folder, '.cache/built'),
  };
  const inputs = fingerprint(target.inputs);
  writeFileSync(join(folder, 'out.js'), '');
  rememberBuild(target, inputs);
  return { folder, target };
}

test('a folder that nobody touched since its build is built', () => {
  expect(isBuilt(aBuiltFolder().target)).toBe(true);
});

test.each<[string, (folder: string) => void]>([
  ['a source file changed', (folder) => writeFileSync(join(folder, 'src/deep/b.ts'), 'longer')],
  ['a source file was saved again', (folder) => utimesSync(join(folder, 'src/a.ts'), 1, 1)],
  ['a source file is new', (folder) => writeFileSync(join(folder, 'src/c.ts'), '')],
  ['a source file is gone', (folder) => rmSync(join(folder, 'src/a.ts'))],
  ['an input that was missing is there', (folder) => writeFileSync(join(folder, 'package-lock.json'), '{}')],
  ['an output is gone', (folder) => rmSync(join(folder, 'out.js'))],
  ['the stamp is gone', (folder) => rmSync(join(folder, '.cache'), { recursive: true })],
])('asks for a build when %s', (_what, change) => {
  const { folder, target } = aBuiltFolder();
  change(folder);
  expect(isBuilt(target)).toBe(false);
});
