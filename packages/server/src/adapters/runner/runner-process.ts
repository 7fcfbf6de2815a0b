import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { FromRunner, RunnerFailure, ToRunner } from './messages.ts';
import { RUNNER_MAIN, runnerPermissions } from './runner-permissions.ts';
import { RUNNER_V8_FLAGS } from './runner-v8-flags.ts';

/** Megabytes a runner process may have beside what its isolate may hold. */
const OWN_MEMORY_MB = 160;
const CHECK_MS = 50;
/** Whether the system tells how much of the processor a process had. Elsewhere the clock on the wall counts. */
const TELLS_CPU_TIME = process.platform === 'linux';
/** So many times its limit a program may take by the clock, where the machine is busy with other things. */
const PATIENCE = TELLS_CPU_TIME ? 5 : 1;
/** How much longer a program may seem to take before its process is killed: some work cannot be interrupted from inside. */
const GRACE_MS = 500;
/** Of the system's unit of processor time. */
const TICK_MS = 10;
/** How long a process may take to start. */
const START_MS = 20_000;

/** A program failed as a whole. The message is what people read. */
export class RunnerError extends Error {
  readonly why: RunnerFailure | 'start';

  constructor(why: RunnerFailure | 'start', message: string) {
    super(message);
    this.name = 'RunnerError';
    this.why = why;
  }
}

interface Task {
  request: ToRunner;
  signal: AbortSignal;
  resolve: (text: string) => void;
  reject: (error: unknown) => void;
}

/** One runner process, with one program at a time. It is killed when the program takes too long or too much, or is cancelled. */
export class RunnerProcess {
  readonly #child: ChildProcess;
  readonly #ready: Promise<void>;
  #isReady = false;
  #task: Task | undefined;
  #failure: RunnerError | undefined;
  #ended = false;
  #lastWords = '';
  /** The workspace whose program it had last, and whose isolate it keeps warm. */
  workspaceId: string | undefined;

  /** @param folder an empty folder to stand in. */
  constructor(folder: string) {
    this.#child = fork(RUNNER_MAIN, [], {
      env: {},
      cwd: folder,
      execArgv: [...runnerPermissions(), ...RUNNER_V8_FLAGS],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#ready = new Promise((resolve) => {
      this.#child.on('message', (message: FromRunner) => {
        if (message.type !== 'ready') return this.#receive(message);
        this.#isReady = true;
        resolve();
      });
      this.#child.once('exit', () => resolve());
      this.#child.once('error', () => resolve());
    });
    this.#child.stderr?.on('data', (text) => {
      this.#lastWords = (this.#lastWords + String(text)).slice(-4000);
    });
    // Once its output is read to the end: what it said last tells why it ended.
    this.#child.once('close', (code, signal) => this.#onEnd(signal ?? `code ${code}`));
    this.#child.once('error', (error) => this.#onEnd(error.message));
  }

  get isUsable(): boolean {
    return !this.#ended && !this.#task;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** @returns JSON text that guest code had a hand in. @throws {RunnerError} the signal's reason once the process is gone, when it is aborted. */
  async perform(request: ToRunner, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    this.workspaceId = request.workspaceId;
    const done = new Promise<string>((resolve, reject) => {
      this.#task = { request, signal, resolve, reject };
    });
    const onAbort = () => this.kill();
    signal.addEventListener('abort', onAbort, { once: true });
    const watch = this.#watch(request);
    let limit = setTimeout(
      () => this.#end(new RunnerError('start', 'The runner process did not start in time.')),
      START_MS,
    );
    try {
      void this.#ready.then(() => {
        clearTimeout(limit);
        if (this.#ended) return;
        const wallMs = request.timeoutMs * PATIENCE;
        limit = setTimeout(() => this.#end(tooLong(request)), wallMs + GRACE_MS);
        this.#child.send({ ...request, timeoutMs: wallMs }, () => undefined); // A child that is gone is seen by its end.
      });
      return await done;
    } finally {
      clearTimeout(limit);
      clearInterval(watch);
      signal.removeEventListener('abort', onAbort);
      this.#task = undefined;
    }
  }

  kill(): void {
    this.#ended = true;
    this.#child.kill('SIGKILL');
  }

  #end(why: RunnerError): void {
    this.#failure ??= why;
    this.kill();
  }

  #receive(message: Exclude<FromRunner, { type: 'ready' }>): void {
    const task = this.#task;
    if (!task) return;
    if (message.type === 'done') {
      task.resolve(message.text);
      return;
    }
    const error = toError(message.why, message.message, task.request);
    if (message.why === 'never-settles' || message.why === 'too-large') task.reject(error);
    // What is left of an isolate that was stopped is not worth trusting.
    else this.#end(error);
  }

  #onEnd(how: string): void {
    this.#ended = true;
    if (!this.#task) return;
    const { signal, reject, request } = this.#task;
    reject(signal.aborted ? signal.reason : (this.#failure ?? this.#judgeEnd(how, request)));
  }

  #judgeEnd(how: string, request: ToRunner): RunnerError {
    const words = this.#lastWords.trim();
    const last = words.split('\n').at(-1)?.slice(0, 300) ?? '';
    if (!this.#isReady)
      return new RunnerError(
        'start',
        `Code cannot run on this machine: the runner process ended at its start (${how}). ${last}`,
      );
    // V8 ends the whole process when a single allocation is far beyond what the isolate may hold.
    if (/out of memory|allocation failed/i.test(words)) return tooMuch(request);
    return new RunnerError('broken', `The code ended the process that ran it (${how}).`);
  }

  /** Looks at memory and processor time from outside. On systems that do not tell, the isolate's own limits and the clock hold. */
  #watch(request: ToRunner): NodeJS.Timeout {
    const mostMb = request.memoryMb + OWN_MEMORY_MB;
    let cpuMsBefore: number | undefined;
    return setInterval(async () => {
      const { residentMb, cpuMs } = await usageOf(this.#child.pid);
      if (this.#task?.request !== request || !this.#isReady) return;
      cpuMsBefore ??= cpuMs;
      if (residentMb > mostMb) this.#end(tooMuch(request));
      else if (cpuMs - cpuMsBefore > request.timeoutMs) this.#end(tooLong(request));
    }, CHECK_MS);
  }
}

/** What a process holds and had so far, zeros where the system does not tell. */
async function usageOf(pid: number | undefined): Promise<{ residentMb: number; cpuMs: number }> {
  const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  const [statm, stat] = await Promise.all([read('statm'), read('stat')]);
  // After the name in parentheses, which may hold spaces: state is the first, user and system time are the 12th and 13th.
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return { residentMb: (Number(statm.split(' ')[1] ?? 0) * 4096) / 1e6, cpuMs: (user + system) * TICK_MS };
}

function toError(why: RunnerFailure, message: string, request: ToRunner): RunnerError {
  switch (why) {
    case 'timeout':
      return tooLong(request);
    case 'memory':
      return tooMuch(request);
    case 'never-settles':
      return new RunnerError(
        why,
        'The code waits for a promise that nothing settles. There are no timers and no network in it.',
      );
    case 'too-large':
      return new RunnerError(why, 'What the code gave is larger than 32 MB. Let it give less.');
    case 'broken':
      return new RunnerError(why, `The code could not be run: ${message}`);
  }
}

function tooLong({ timeoutMs }: ToRunner): RunnerError {
  return new RunnerError('timeout', `The code took longer than its limit of ${timeoutMs / 1000} s.`);
}

function tooMuch({ memoryMb }: ToRunner): RunnerError {
  return new RunnerError('memory', `The code needed more than its limit of ${memoryMb} MB of memory.`);
}
