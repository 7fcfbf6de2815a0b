import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** The command line as a process of its own, run from source. */
export interface CliProcess {
  child: ChildProcess;
  /** Everything it printed so far, on both streams. */
  output(): string;
  /** Its exit code, once it has ended. */
  ended: Promise<number | null>;
}

/** Starts the command line with arguments, and with nothing of Imaginarium's in its environment but what is given. */
export function startCli(args: readonly string[], env: Record<string, string> = {}): CliProcess {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('IMAGINARIUM_')));
  const child = spawn(process.execPath, ['--conditions=@imaginarium/source', MAIN, ...args], {
    env: { ...clean, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += String(text)));
  return {
    child,
    output: () => output,
    ended: new Promise((resolve) => child.once('close', (code) => resolve(code))),
  };
}

/** Runs the command line to its end. */
export async function runCli(
  args: readonly string[],
  env?: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const cli = startCli(args, env);
  const code = await cli.ended;
  return { code, output: cli.output() };
}

/** Waits until the command line has printed something. @throws {Error} with what it printed instead. */
export async function printed(cli: CliProcess, pattern: RegExp, limitMs = 15_000): Promise<RegExpExecArray> {
  const end = performance.now() + limitMs;
  for (;;) {
    const found = pattern.exec(cli.output());
    if (found) return found;
    if (performance.now() > end || cli.child.exitCode !== null)
      throw new Error(`expected ${pattern} in what was printed:\n${cli.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
