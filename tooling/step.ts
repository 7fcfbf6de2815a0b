import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { delimiter, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { root } from './root.ts';

/** One named part of a longer piece of work. `run` answers whether it went well and prints what it has to say itself. */
export interface Step {
  readonly name: string;
  run(): Promise<boolean> | boolean;
}

/** How one step went. */
export interface StepResult {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
}

/** A step that runs a command in the repository's root; it went well when the command exits with 0. */
export function command(name: string, executable: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Step {
  return { name, run: () => runCommand(executable, args, env) };
}

/**
 * A step that runs a command besides others: it has what they leave of the processor, and says what it has to say once it is over.
 * It went well when the command exits with 0.
 */
export function besides(name: string, executable: string, args: readonly string[]): Step {
  return { name, run: () => runBesides(executable, args) };
}

/** Runs all steps in order, also after one that failed, and prints each with its seconds. */
export async function runSteps(steps: readonly Step[]): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) {
    console.log(`\n--- ${step.name}`);
    const started = performance.now();
    const ok = await runOne(step);
    const result = { name: step.name, ok, seconds: (performance.now() - started) / 1000 };
    console.log(`--- ${describeResult(result)}`);
    results.push(result);
  }
  return results;
}

/** One line of a summary: the step's name, its seconds and how it went. */
export function describeResult({ name, ok, seconds }: StepResult): string {
  return `${ok ? 'ok    ' : 'FAILED'} ${seconds.toFixed(1).padStart(6)} s  ${name}`;
}

async function runOne(step: Step): Promise<boolean> {
  try {
    return await step.run();
  } catch (error) {
    console.error(error);
    return false;
  }
}

function runCommand(executable: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(executable, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: withTools(env) });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code === 0));
  });
}

function runBesides(executable: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(executable, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: withTools({}) });
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => said.push(bytes));
    child.once('error', reject);
    child.once('close', (code) => {
      process.stdout.write(Buffer.concat(said));
      resolve(code === 0);
    });
  });
}

/** The pinned tools come first, also when this was not started by npm. */
function withTools(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  return { ...process.env, ...env, PATH: path };
}
