import { mkdirSync } from 'node:fs';
import type { CodeRunner } from '@imaginarium/engine';
import { type CodeOutcome, type CodeProgram, NonRetryableError } from '@imaginarium/node-sdk';
import type { ToRunner } from './messages.ts';
import { readOutcome } from './read-outcome.ts';
import { RunnerError, RunnerProcess } from './runner-process.ts';
import { WorkspaceLine } from './workspace-line.ts';
import { writeRows } from './written-rows.ts';

export interface RunnerPoolOptions {
  /** An empty folder of its own; made when missing. */
  folder: string;
  /** Runner processes at work at the same time, at least 1. */
  concurrency: number;
  /** Most milliseconds of processor time one program may take, over all of its rows. */
  timeoutMs: number;
  /** Most megabytes the isolate of a program may hold. */
  memoryMb: number;
}

/** How long a process without work is kept for the next program. */
const IDLE_MS = 60_000;
/** Characters all sources of one program may have. */
const SOURCE_LENGTH = 200_000;

/** The runner processes: started when there is code to run, kept warm for a while, killed when it goes wrong. */
export class RunnerPool implements CodeRunner {
  readonly #options: RunnerPoolOptions;
  readonly #line: WorkspaceLine;
  readonly #processes = new Set<RunnerProcess>();
  readonly #idleTimers = new Map<RunnerProcess, NodeJS.Timeout>();
  #hasFolder = false;

  constructor(options: RunnerPoolOptions) {
    this.#options = options;
    this.#line = new WorkspaceLine(options.concurrency);
  }

  async run(workspaceId: string, program: CodeProgram, signal: AbortSignal): Promise<CodeOutcome> {
    const { timeoutMs, memoryMb } = this.#options;
    const { kind, language, sources, shared, rows } = program;
    if (rows.length === 0) return { results: [], logs: [] };
    const length = sources.reduce((sum, source) => sum + source.length, 0);
    if (length > SOURCE_LENGTH)
      throw new NonRetryableError(`The code has ${length} characters; at most ${SOURCE_LENGTH} are allowed.`);
    const request: ToRunner = {
      ...{ workspaceId, kind, language, sources, timeoutMs, memoryMb },
      names: [...new Set([...Object.keys(rows[0] ?? {}), ...Object.keys(shared)])],
      shared: JSON.stringify(shared),
      ...writeRows(rows),
    };
    try {
      return readOutcome(await this.#perform(request, signal), program);
    } catch (error) {
      if (!(error instanceof RunnerError)) throw error;
      // The same code over the same data would end the same way.
      throw error.why === 'start' ? error : new NonRetryableError(error.message, { cause: error });
    }
  }

  /** Ends all processes, whatever they are doing. */
  close(): void {
    for (const timer of this.#idleTimers.values()) clearTimeout(timer);
    for (const runner of this.#processes) runner.kill();
    this.#processes.clear();
  }

  #perform(request: ToRunner, signal: AbortSignal): Promise<string> {
    const { workspaceId } = request;
    const task = async () => {
      const runner = this.#take(workspaceId);
      try {
        return await runner.perform(request, signal);
      } finally {
        this.#giveBack(runner);
      }
    };
    return this.#line.run(workspaceId, task, signal, (error) => error instanceof RunnerError);
  }

  /** One that is warm for the workspace, else any that is free, else a new one. */
  #take(workspaceId: string): RunnerProcess {
    const free = [...this.#processes].filter((runner) => runner.isUsable);
    const runner = free.find((one) => one.workspaceId === workspaceId) ?? free[0] ?? this.#start();
    clearTimeout(this.#idleTimers.get(runner));
    return runner;
  }

  #start(): RunnerProcess {
    const { folder } = this.#options;
    if (!this.#hasFolder) mkdirSync(folder, { recursive: true });
    this.#hasFolder = true;
    const runner = new RunnerProcess(folder);
    this.#processes.add(runner);
    return runner;
  }

  #giveBack(runner: RunnerProcess): void {
    if (!runner.isUsable) {
      this.#end(runner);
      return;
    }
    const timer = setTimeout(() => this.#end(runner), IDLE_MS);
    timer.unref();
    this.#idleTimers.set(runner, timer);
  }

  #end(runner: RunnerProcess): void {
    this.#idleTimers.delete(runner);
    this.#processes.delete(runner);
    runner.kill();
  }
}
