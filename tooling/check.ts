import { checkLayers } from './layers/check-layers.ts';
import { root } from './root.ts';
import { command, describeResult, runSteps, type Step } from './step.ts';

/** Everything that is judged without running a test, the build of the packages included. */
export const checkSteps: readonly Step[] = [
  command('format and lint (biome)', 'biome', ['ci', '--colors=off', '.']),
  command('types of the packages (tsc -b)', 'tsc', ['-b']),
  command('types of the editor', 'tsc', ['-p', 'packages/editor-ui/tsconfig.json', '--noEmit']),
  command('types of tests and tooling, type tests', 'tsc', ['-p', 'tsconfig.tests.json']),
  { name: 'who imports whom (layers)', run: () => checkLayers(root) },
  command('nothing that nobody calls (knip)', 'knip', ['--no-progress', '--no-config-hints']),
];

if (import.meta.main) {
  const results = await runSteps(checkSteps);
  console.log(`\n${results.map(describeResult).join('\n')}`);
  process.exitCode = results.every((result) => result.ok) ? 0 : 1;
}
