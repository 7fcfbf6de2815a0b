import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { missingBuilds } from './build.ts';
import { root } from './root.ts';
import { runSteps } from './step.ts';

/** `npm start`: builds what is not built and becomes `imaginarium start`, in this process, so that signals reach it. */
const builds = missingBuilds();
if (builds.length > 0) {
  const results = await runSteps(builds);
  const failed = results.filter((result) => !result.ok).map((result) => result.name);
  if (failed.length > 0) {
    console.error(
      `\nNot started: ${failed.join(' and ')} failed, see above. After a change of branch, try \`npm ci\` first.`,
    );
    process.exit(1);
  }
}

const executable = join(root, 'packages/cli/bin/imaginarium.js');
if (!existsSync(executable)) throw new Error(`Not started: expected the command at ${executable}.`);
process.argv = [process.execPath, executable, 'start', ...process.argv.slice(2)];
await import(pathToFileURL(executable).href);
