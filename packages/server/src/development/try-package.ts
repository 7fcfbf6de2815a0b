import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { locateError } from './locate-error.ts';
import { TRIAL_PASSED } from './trial-passed.ts';

/** Longest a package may take to be loaded: much more than it takes, for a busy machine must not look like a broken package. */
const LIMIT_MS = 30_000;
const RUNS_FROM_SOURCE = import.meta.url.endsWith('.ts');
const MAIN = fileURLToPath(new URL(RUNS_FROM_SOURCE ? './trial-main.ts' : './trial-main.js', import.meta.url));

/**
 * Loads a package in a process of its own.
 * @returns what is wrong with it, with file and line where they are known; undefined when nothing is.
 */
export function tryPackage(folder: string, entry: string, limitMs = LIMIT_MS): Promise<string | undefined> {
  const conditions = RUNS_FROM_SOURCE ? ['--conditions=@imaginarium/source'] : [];
  const options = { env: {}, cwd: folder, timeout: limitMs, killSignal: 'SIGKILL', maxBuffer: 1_000_000 } as const;
  return new Promise((resolve) => {
    execFile(process.execPath, [...conditions, MAIN, folder, entry], options, (error, stdout, stderr) => {
      if (stdout.endsWith(TRIAL_PASSED)) resolve(undefined);
      else if (error?.killed)
        resolve(
          `It was not loaded within ${limitMs / 1000} seconds: something waits or loops where its files are imported.`,
        );
      else
        resolve(
          locateError(stderr, folder) ??
            `Loading it ended the process (${error?.signal ?? `code ${error?.code ?? 0}`}).`,
        );
    });
  });
}
