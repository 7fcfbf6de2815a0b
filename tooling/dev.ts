import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './root.ts';

/** `npm run dev`: the server from source, restarted on a change, and Vite for the editor. They end together. */
const bin = join(root, 'node_modules/.bin');
const server = spawn(
  process.execPath,
  [
    '--watch',
    '--watch-preserve-output',
    '--conditions=@imaginarium/source',
    'packages/cli/src/main.ts',
    'start',
  ].concat(process.argv.slice(2)),
  { cwd: root, stdio: 'inherit' },
);
const editor = spawn(join(bin, 'vite'), ['packages/editor-ui'], { cwd: root, stdio: 'inherit' });
const both: readonly ChildProcess[] = [server, editor];

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => endAll(signal));
for (const child of both) {
  child.once('error', (error) => {
    console.error(error);
    process.exitCode = 1;
    endAll('SIGTERM');
  });
  child.once('exit', (code) => {
    process.exitCode ??= code ?? 0;
    endAll('SIGTERM');
  });
}

function endAll(signal: NodeJS.Signals): void {
  for (const child of both) if (child.exitCode === null && child.signalCode === null) child.kill(signal);
}
