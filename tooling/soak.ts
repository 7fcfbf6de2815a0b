import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { root } from './root.ts';

/** `npm run soak -- --rounds 100 --seed 7`: a long look at what a crash leaves behind, with a seed that brings a failure back. */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    on: { type: 'string', default: '' },
  },
});
for (const name of ['rounds', 'seed'] as const)
  if (!/^\d{1,9}$/.test(values[name])) throw new Error(`--${name}: expected a whole number, received ${values[name]}`);

console.log(`${values.rounds} rounds, seed ${values.seed}${values.on && `, on ${values.on}`}`);
const child = spawn('npx', ['vitest', 'run', '--project', 'server', 'kill-loop'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, KILL_ROUNDS: values.rounds, KILL_SEED: values.seed, KILL_ON: values.on },
});
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
