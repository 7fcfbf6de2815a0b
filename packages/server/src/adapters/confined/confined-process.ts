import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NodeCrashError, type NodeResult, type NodeTask, type TaskHost } from '@imaginarium/engine';
import { locateError } from '../../development/locate-error.ts';
import type { PackageFolder } from '../../packages.ts';
import { fromErrorMessage, toErrorMessage } from '../media/error-message.ts';
import { ConfinedFiles, type FileQuestion } from './confined-files.ts';
import { ConfinedHttp } from './confined-http.ts';
import { CONFINED_MAIN, confinedPermissions } from './confined-permissions.ts';
import { type FromConfined, fromConfinedSchema, type ToConfined } from './messages.ts';

export interface ConfinedProcessOptions {
  /** The package, links resolved. */
  package: PackageFolder;
  /** A folder for it alone, made here and removed with it. */
  workFolder: string;
  /** What its nodes may call. */
  hosts: readonly string[];
  /** Most megabytes of memory; above it the process is killed. */
  memoryMb: number;
}

const MEMORY_CHECK_MS = 250;
/** How long it may take to load its package: much more than it takes, for a busy machine must not look like a broken package. */
const START_MS = 30_000;

interface Task {
  host: TaskHost;
  files: ConfinedFiles;
  http: ConfinedHttp;
  signal: AbortSignal;
  resolve: (value: NodeResult) => void;
  reject: (error: unknown) => void;
}

/** One process that executes nodes of one package, one at a time, and may do nothing else. Killing it is how a task is cancelled. */
export class ConfinedProcess {
  readonly #options: ConfinedProcessOptions;
  readonly #child: ChildProcess;
  readonly #workFolder: string;
  #task: Task | undefined;
  #tasks = 0;
  #ended = false;
  #overMemory = false;
  #settleReady: { resolve: (descriptions: unknown[]) => void; reject: (error: Error) => void } | undefined;
  /** What the package brings, as it says; rejects with a sentence when it cannot be loaded. */
  readonly descriptions: Promise<unknown[]>;

  constructor(options: ConfinedProcessOptions) {
    this.#options = options;
    mkdirSync(options.workFolder, { recursive: true });
    this.#workFolder = realpathSync(options.workFolder);
    const { folder, entry } = options.package;
    this.#child = fork(CONFINED_MAIN, [folder, entry], {
      env: {},
      cwd: this.#workFolder,
      execArgv: confinedPermissions(folder, this.#workFolder),
      // Plain text, for what comes back is read here.
      serialization: 'json',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.descriptions = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.descriptions.catch(() => undefined); // Told to whoever asks for a task, too.
    const late = setTimeout(() => {
      this.#settleReady?.reject(new Error(`It was not loaded within ${START_MS / 1000} seconds.`));
      this.kill();
    }, START_MS);
    this.descriptions.then(
      () => clearTimeout(late),
      () => clearTimeout(late),
    );
    this.#child.on('message', (message) => this.#receive(message));
    let lastWords = '';
    this.#child.stderr?.on('data', (text) => {
      lastWords = (lastWords + String(text)).slice(-8000);
    });
    this.#child.once('close', (code, signal) => this.#onEnd(signal ?? `code ${code}`, lastWords));
    this.#child.once('error', (error) => this.#onEnd(error.message, lastWords));
    this.#watchMemory();
  }

  get isUsable(): boolean {
    return !this.#ended && !this.#task;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** @throws {NodeCrashError} when the process ends before it is done; the signal's reason when it is aborted, and then the process is killed. */
  async execute(task: NodeTask, host: TaskHost, signal: AbortSignal): Promise<NodeResult> {
    signal.throwIfAborted();
    const files = new ConfinedFiles(host, join(this.#workFolder, `task-${++this.#tasks}`), task);
    const http = new ConfinedHttp(host, files, this.#options.hosts);
    const done = new Promise<NodeResult>((resolve, reject) => {
      this.#task = { host, files, http, signal, resolve, reject };
    });
    const onAbort = () => this.kill();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      this.descriptions.then(() => this.#send({ type: 'execute', task })).catch((error) => this.#task?.reject(error));
      return files.withOwnFiles(await done);
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#task = undefined;
      http.end();
      await files.remove();
    }
  }

  kill(): void {
    this.#ended = true;
    this.#child.kill('SIGKILL');
  }

  #send(message: ToConfined): void {
    if (this.#child.connected) this.#child.send(message, () => undefined); // A child that is gone is seen by its end.
  }

  #receive(message: unknown): void {
    const parsed = fromConfinedSchema.safeParse(message);
    if (!parsed.success) {
      this.#task?.reject(new NodeCrashError('crash', 'The process of its package said something that is no answer.'));
      this.kill();
      return;
    }
    this.#hear(parsed.data);
  }

  #hear(message: FromConfined): void {
    const task = this.#task;
    switch (message.type) {
      case 'ready':
        this.#settleReady?.resolve(message.descriptions);
        break;
      case 'done':
        // Checked against the description by whoever asked.
        task?.resolve(message.value as NodeResult);
        break;
      case 'failed':
        task?.reject(fromErrorMessage(message.error as Parameters<typeof fromErrorMessage>[0]));
        break;
      case 'progress':
        task?.host.progress(message.share, message.message);
        break;
      case 'log':
        task?.host.log[message.level](message.message, message.data);
        break;
      case 'ask':
        if (task) void this.#answer(message, task);
        break;
    }
  }

  async #answer(request: Extract<FromConfined, { type: 'ask' }>, { files, http }: Task): Promise<void> {
    const { call } = request;
    try {
      const value =
        request.method === 'fetch' ? await http.answer(request) : await files.answer(request as FileQuestion);
      this.#send({ type: 'answer', call, value });
    } catch (error) {
      this.#send({ type: 'answer', call, error: toErrorMessage(error) });
    }
  }

  #onEnd(how: string, lastWords: string): void {
    this.#ended = true;
    rmSync(this.#workFolder, { recursive: true, force: true });
    const { memoryMb, package: own } = this.#options;
    const why = this.#overMemory
      ? new NodeCrashError(
          'memory',
          `It needed more than the ${memoryMb} MB of memory that a confined package may use.`,
        )
      : new NodeCrashError('crash', `The process of its package ended while it was at work (${how}).`);
    this.#settleReady?.reject(
      new Error(locateError(lastWords, own.folder) ?? `Loading it ended the process (${how}).`),
    );
    this.#task?.reject(this.#task.signal.aborted ? this.#task.signal.reason : why);
  }

  #watchMemory(): void {
    const { memoryMb } = this.#options;
    const timer = setInterval(async () => {
      if (this.#ended) {
        clearInterval(timer);
        return;
      }
      const pages = await readFile(`/proc/${this.#child.pid}/statm`, 'utf8').catch(() => '');
      if ((Number(pages.split(' ')[1] ?? 0) * 4096) / 1e6 <= memoryMb) return;
      this.#overMemory = true;
      this.kill();
    }, MEMORY_CHECK_MS);
    timer.unref();
  }
}
