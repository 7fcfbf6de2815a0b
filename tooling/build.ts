import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.ts';
import { type BuildTarget, fingerprint, isBuilt, rememberBuild } from './stamp.ts';
import { command, type Step } from './step.ts';

const editor = 'packages/editor-ui';

const compiledPackages = readdirSync(join(root, 'packages'))
  .map((name) => `packages/${name}`)
  .filter((folder) => folder !== editor);

const settings = ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json'];

const targets: readonly { step: Step; target: BuildTarget }[] = [
  {
    step: command('build packages', 'tsc', ['-b']),
    target: aTarget('packages', [...compiledPackages.flatMap(sourcesOf), ...settings], ['packages/cli/dist/main.js']),
  },
  {
    step: command('build editor', 'vite', ['build', '--logLevel', 'warn', editor]),
    target: aTarget(
      'editor',
      [...sourcesOf(editor), `${editor}/index.html`, `${editor}/vite.config.ts`, `${editor}/public`].concat(
        sourcesOf('packages/protocol'),
        sourcesOf('packages/client'),
        settings,
      ),
      [`${editor}/dist/index.html`],
    ),
  },
];

/** The builds whose output is missing or older than its sources, in the order they must run. */
export function missingBuilds(): Step[] {
  return targets
    .filter(({ target }) => !isBuilt(target))
    .map(({ step, target }) => ({ ...step, run: () => build(step, target) }));
}

async function build(step: Step, target: BuildTarget): Promise<boolean> {
  const inputs = fingerprint(target.inputs);
  const ok = await step.run();
  if (ok) rememberBuild(target, inputs);
  return ok;
}

function sourcesOf(folder: string): string[] {
  return [`${folder}/src`, `${folder}/package.json`, `${folder}/tsconfig.json`];
}

function aTarget(name: string, inputs: readonly string[], outputs: readonly string[]): BuildTarget {
  const absolute = (path: string) => join(root, path);
  return { inputs: inputs.map(absolute), outputs: outputs.map(absolute), stampFile: absolute(`.cache/built-${name}`) };
}
