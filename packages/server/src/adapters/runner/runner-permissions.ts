import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RUNS_FROM_SOURCE = import.meta.url.endsWith('.ts');

/** The program of a runner process. */
export const RUNNER_MAIN = fileURLToPath(
  new URL(RUNS_FROM_SOURCE ? './runner-main.ts' : './runner-main.js', import.meta.url),
);

/** No files but its own program text, no network, no processes, no threads. Native code is needed for the isolates. */
export function runnerPermissions(): string[] {
  const fromHere = createRequire(import.meta.url);
  const isolates = fromHere.resolve('isolated-vm/package.json');
  const loader = createRequire(isolates).resolve('node-gyp-build/package.json');
  const folders = [dirname(RUNNER_MAIN), dirname(isolates), dirname(loader)];
  return [
    '--permission',
    '--allow-addons',
    ...folders.map((folder) => `--allow-fs-read=${join(folder, '*')}`),
    // The loader looks there to tell which C library the system has.
    '--allow-fs-read=/etc/alpine-release',
    '--disable-proto=delete',
    '--no-warnings',
  ];
}
