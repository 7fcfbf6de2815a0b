import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { NodeCrashError, type TaskHost } from '@imaginarium/engine';
import { fromErrorMessage, toErrorMessage } from './error-message.ts';
import { fromRequestMessage, toAnswerMessage } from './http-messages.ts';
import type { FromMedia, ToMedia } from './messages.ts';

export interface MediaProcessOptions {
  /** Folders of the node packages, with the file of each to import. */
  packages: readonly { folder: string; entry: string }[];
  /** Where the process may keep caches of fonts. */
  cacheFolder: string;
  /** Most megabytes of memory; above it the process is killed and the work fails. */
  memoryMb: number;
}

const MEMORY_CHECK_MS = 250;
/** After so many tasks a process is replaced, so that what native libraries leak goes with it. */
const MOST_TASKS = 200;
/** What is large here lies outside the heap: a young generation as large as a server's would only be held and not used. */
const SMALL_HEAP = ['--max-semi-space-size=2'];
/**
 * What is large is given back to the system when it is freed. Left to itself, glibc learns from the first such piece to keep those that come after it, and a picture of
 * 16 bits with alpha held 80 MB that nobody used. Other C libraries do not know the word.
 */
const GIVES_BACK = { MALLOC_MMAP_THRESHOLD_: String(256 * 1024) };
const RUNS_FROM_SOURCE = import.meta.url.endsWith('.ts');
const MAIN = fileURLToPath(new URL(RUNS_FROM_SOURCE ? './media-main.ts' : './media-main.js', import.meta.url));

interface Task {
  host: TaskHost | undefined;
  signal: AbortSignal;
  resolve: (value: Extract<FromMedia, { type: 'done' }>['value']) => void;
  reject: (error: unknown) => void;
}

/** One child process that does one heavy thing at a time. Killing it is how the thing is cancelled. */
export class MediaProcess {
  readonly #options: MediaProcessOptions;
  readonly #child: ChildProcess;
  #task: Task | undefined;
  #tasksDone = 0;
  #overMemory = false;
  #keepsWork = false;
  #ended = false;
  #residentMb = 0;
  readonly #ready: Promise<void>;
  /** Of the package under development that it has loaded; 0 for none. */
  readonly revision: number;

  constructor(options: MediaProcessOptions, revision = 0) {
    this.#options = options;
    this.revision = revision;
    this.#child = fork(MAIN, [JSON.stringify(options.packages)], {
      // It gets no secrets: nothing of the server's environment, and only a channel to ask for files.
      env: { XDG_CACHE_HOME: options.cacheFolder, ...GIVES_BACK },
      execArgv: [...SMALL_HEAP, ...(RUNS_FROM_SOURCE ? ['--conditions=@imaginarium/source'] : [])],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#ready = new Promise((resolve) => {
      this.#child.on('message', (message: FromMedia) => {
        if (message.type === 'ready') resolve();
        else this.#receive(message);
      });
      // A process that never gets ready ends, and its task is told so below.
      this.#child.once('exit', () => resolve());
    });
    let lastWords = '';
    this.#child.stderr?.on('data', (text) => {
      lastWords = (lastWords + String(text)).slice(-2000);
    });
    this.#child.once('exit', (code, signal) => this.#onExit(signal ?? `code ${code}`, lastWords));
    this.#child.once('error', () => this.#onExit('an error', lastWords));
    this.#watchMemory();
  }

  /** Whether it can take another task. */
  get isUsable(): boolean {
    return !this.#ended && !this.#task && this.#tasksDone < MOST_TASKS;
  }

  /** Whether its last task keeps work that the next try goes on with. */
  get keepsWork(): boolean {
    return this.#keepsWork;
  }

  /** Megabytes of memory it held when that was looked at last; 0 once it has ended. */
  get residentMb(): number {
    return this.#ended ? 0 : this.#residentMb;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Does one thing.
   * @throws {NodeCrashError} when the process ends before it is done; the signal's reason when it is aborted, and then the process is killed.
   */
  async perform(
    message: Exclude<ToMedia, { type: 'answer' }>,
    host: TaskHost | undefined,
    signal: AbortSignal,
  ): Promise<Extract<FromMedia, { type: 'done' }>['value']> {
    signal.throwIfAborted();
    const done = new Promise<Extract<FromMedia, { type: 'done' }>['value']>((resolve, reject) => {
      this.#task = { host, signal, resolve, reject };
    });
    // Whoever waits is told once the process is gone, so that nothing writes any more to what they clean up.
    this.#keepsWork = false;
    const onAbort = () => this.kill();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      void this.#ready.then(() => this.#send(message));
      return await done;
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#task = undefined;
      this.#tasksDone++;
    }
  }

  kill(): void {
    this.#ended = true;
    this.#child.kill('SIGKILL');
  }

  #send(message: ToMedia): void {
    if (this.#child.connected) this.#child.send(message, () => undefined); // A child that is gone is seen by its exit.
  }

  #receive(message: Exclude<FromMedia, { type: 'ready' }>): void {
    const task = this.#task;
    if (!task) return;
    switch (message.type) {
      case 'done':
        task.resolve(message.value);
        break;
      case 'failed':
        task.reject(fromErrorMessage(message.error));
        break;
      case 'progress':
        task.host?.progress(message.share, message.message);
        break;
      case 'log':
        task.host?.log[message.level](message.message, message.data);
        break;
      case 'ask':
        void this.#answer(message, task);
        break;
    }
  }

  async #answer(request: Extract<FromMedia, { type: 'ask' }>, { host }: Task): Promise<void> {
    const { call } = request;
    try {
      if (!host) throw new Error('There are no files and services for this task.');
      if (request.method === 'lastingFolder') this.#keepsWork = true;
      this.#send({ type: 'answer', call, value: await answerOf(request, host) });
    } catch (error) {
      this.#send({ type: 'answer', call, error: toErrorMessage(error) });
    }
  }

  #onExit(how: string, lastWords: string): void {
    this.#ended = true;
    if (!this.#task) return;
    const { signal, reject } = this.#task;
    const { memoryMb } = this.#options;
    if (signal.aborted) reject(signal.reason);
    else if (this.#overMemory)
      reject(new NodeCrashError('memory', `It needed more than the ${memoryMb} MB of memory a media process may use.`));
    else
      reject(
        new NodeCrashError('crash', `The media process ended while it was at work (${how}).${lastLine(lastWords)}`),
      );
  }

  /** Looks at the memory of the child now and then; on systems that do not tell, the cap is not enforced. */
  #watchMemory(): void {
    const { memoryMb } = this.#options;
    const timer = setInterval(async () => {
      if (this.#ended) {
        clearInterval(timer);
        return;
      }
      const pages = await readFile(`/proc/${this.#child.pid}/statm`, 'utf8').catch(() => '');
      this.#residentMb = (Number(pages.split(' ')[1] ?? 0) * 4096) / 1e6;
      if (this.#residentMb <= memoryMb) return;
      this.#overMemory = true;
      this.kill();
      clearInterval(timer);
    }, MEMORY_CHECK_MS);
    timer.unref();
  }
}

async function answerOf(
  request: Extract<FromMedia, { type: 'ask' }>,
  { files, http }: Pick<TaskHost, 'files' | 'http'>,
): Promise<unknown> {
  switch (request.method) {
    case 'path':
      return files.path(request.file);
    case 'adopt':
      return files.adopt(request.path, request.hint);
    case 'folder':
      return files.folder();
    case 'lastingFolder':
      return files.lastingFolder();
    case 'export':
      return files.export(request.file, request.path, request.whenTaken);
    case 'fetch':
      return toAnswerMessage(await http.fetch(request.url, fromRequestMessage(request.request)));
  }
}

function lastLine(text: string): string {
  const line = text.trim().split('\n').at(-1);
  return line ? ` ${line}` : '';
}
