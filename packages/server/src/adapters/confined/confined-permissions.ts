import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RUNS_FROM_SOURCE = import.meta.url.endsWith('.ts');

/** The program of a confined process. */
export const CONFINED_MAIN = fileURLToPath(
  new URL(RUNS_FROM_SOURCE ? './confined-main.ts' : './confined-main.js', import.meta.url),
);
/** What the program itself is made of, and the kit that packages import. */
const OWN_PACKAGES = ['@imaginarium/engine', '@imaginarium/node-sdk', '@imaginarium/protocol'] as const;

/**
 * What a confined process may do: read installed code, its package and its own folder, and write to that folder. No network, no processes, no
 * threads, no native code: all of that Node refuses by itself.
 * @param packageFolder the package, links resolved.
 * @param workFolder the folder it may write to, links resolved.
 */
export function confinedPermissions(packageFolder: string, workFolder: string): string[] {
  const own = OWN_PACKAGES.map((name) => dirname(dirname(fileURLToPath(import.meta.resolve(name)))));
  // The program stands in `src/adapters/confined`, or compiled in `dist/adapters/confined`.
  const adapters = dirname(dirname(CONFINED_MAIN));
  const server = dirname(dirname(adapters));
  const readable = new Set([
    ...[packageFolder, workFolder, join(adapters, 'confined'), join(adapters, 'media')],
    ...own,
    ...[packageFolder, server, ...own].flatMap(installedAbove),
  ]);
  return [
    ...(RUNS_FROM_SOURCE ? ['--conditions=@imaginarium/source'] : []),
    '--permission',
    // For one thread of its own, which it starts before the package is loaded; then it gives the right up.
    '--allow-worker',
    ...[...readable].map((folder) => `--allow-fs-read=${join(folder, '*')}`),
    ...[server, ...own].map((folder) => `--allow-fs-read=${join(folder, 'package.json')}`),
    `--allow-fs-write=${join(workFolder, '*')}`,
    '--no-warnings',
  ];
}

/** The folders of installed packages that an import from a folder is looked for in. */
function installedAbove(folder: string): string[] {
  const found: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    const installed = join(at, 'node_modules');
    if (existsSync(installed)) found.push(installed, realpathSync(installed));
    if (at === dirname(at)) return found;
  }
}
