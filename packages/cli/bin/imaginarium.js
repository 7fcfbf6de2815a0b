#!/usr/bin/env node
// Starts the command line: the compiled one, or in a checkout that is not built the source itself.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

const OLDEST_NODE = 24;
const built = new URL('../dist/main.js', import.meta.url);
const source = new URL('../src/main.ts', import.meta.url);

// All of the heap is collected once it is two and a half times what was alive of it, where V8 waits for four: as quick, with less to hold.
setFlagsFromString('--heap-growing-percent=150');

// Pictures are worked on in processes beside this one: its own heap need not grow for speed, as a server's does.
if (['execute', 'upscale'].includes(process.argv[2])) setFlagsFromString('--semi-space-growth-factor=1');

if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  console.error(
    `Imaginarium needs Node.js ${OLDEST_NODE} or newer; this is ${process.version}.\n` +
      'In a checkout, use npm start or npx imaginarium: they bring the right one.',
  );
  process.exit(1);
} else if (existsSync(built)) {
  const { main } = await import(built.href);
  await main(process.argv);
} else {
  const args = ['--conditions=@imaginarium/source', fileURLToPath(source), ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
