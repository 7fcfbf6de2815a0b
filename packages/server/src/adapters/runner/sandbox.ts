import { stripTypeScriptTypes } from 'node:module';
import ivm from 'isolated-vm';
import { guestMain } from './guest.ts';
import type { RunnerFailure, ToRunner } from './messages.ts';

/** A program that gave nothing at all, and why. */
export class SandboxError extends Error {
  readonly why: RunnerFailure;

  constructor(why: RunnerFailure, message: string) {
    super(message);
    this.why = why;
  }
}

/** After so many programs an isolate is replaced, so that what it gathered goes with it: to collect it takes longer than a new isolate. */
const MOST_PROGRAMS = 32;

/** The isolate of one workspace. Each program gets a context of its own, which is gone when it is done. */
export class Sandbox {
  readonly workspaceId: string;
  readonly #isolate: ivm.Isolate;
  readonly #guest: ivm.Script;
  #programs = 0;
  #spare: ivm.Context | undefined;

  constructor(workspaceId: string, memoryMb: number) {
    this.workspaceId = workspaceId;
    this.#isolate = new ivm.Isolate({ memoryLimit: memoryMb });
    this.#guest = this.#isolate.compileScriptSync(`"use strict"; (${guestMain})()`);
  }

  get isUsable(): boolean {
    return !this.#isolate.isDisposed && this.#programs < MOST_PROGRAMS;
  }

  /** Makes the next program's context ahead of time: it takes longer than most programs do. */
  prepare(): void {
    if (this.isUsable) this.#spare ??= this.#isolate.createContextSync();
  }

  /** @returns JSON text that guest code had a hand in. @throws {SandboxError} when the whole program failed. */
  run({ kind, language, sources, names, shared, rows, common, places, timeoutMs }: ToRunner): string {
    this.#programs++;
    const until = performance.now() + timeoutMs;
    const left = () => Math.max(1, Math.ceil(until - performance.now()));
    const isolate = this.#isolate;
    try {
      const context = this.#spare ?? isolate.createContextSync();
      this.#spare = undefined;
      try {
        const guest = this.#guest.runSync(context, { reference: true });
        const functions = sources.map((source) => {
          const script = compile(isolate, wrap(source, kind, names), language);
          return script.runSync(context, { timeout: left(), reference: true }).derefInto();
        });
        const plan = JSON.stringify({ names, common, places, asynchronous: kind === 'function' });
        const start = guest.getSync('start', { reference: true });
        start.applySync(undefined, [plan, shared, rows, ...functions], { timeout: left() });
        const take = guest.getSync('take', { reference: true });
        return judge(take.applySync(undefined, [], { timeout: left(), result: { copy: true } }));
      } finally {
        if (!isolate.isDisposed) context.release();
      }
    } catch (error) {
      throw this.#judgeError(error);
    }
  }

  dispose(): void {
    if (!this.#isolate.isDisposed) this.#isolate.dispose();
  }

  #judgeError(error: unknown): SandboxError {
    if (error instanceof SandboxError) return error;
    const message = error instanceof Error ? error.message : String(error);
    if (this.#isolate.isDisposed || /memory limit/i.test(message)) return new SandboxError('memory', message);
    if (/timed out/i.test(message)) return new SandboxError('timeout', message);
    return new SandboxError('broken', message);
  }
}

function wrap(source: string, kind: ToRunner['kind'], names: readonly string[]): string {
  const list = names.join(', ');
  // On lines of their own, so that a comment in the last line ends before what follows.
  return kind === 'function' ? `(async (${list}) => {\n${source}\n})` : `((${list}) => (\n${source}\n))`;
}

/** Code that cannot be read fails where it would be called, so that the others of its kind go on. */
function compile(isolate: ivm.Isolate, text: string, language: ToRunner['language']): ivm.Script {
  const options = { filename: '<code>', lineOffset: -1 };
  try {
    const plain = language === 'typescript' ? stripTypeScriptTypes(text) : text;
    return isolate.compileScriptSync(`"use strict"; ${plain}`, options);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return isolate.compileScriptSync(`() => { throw new SyntaxError(${JSON.stringify(firstLine(message))}) }`);
  }
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/\s*\[<code>:(\d+):\d+\]$/, ' (line $1)').slice(0, 500);
}

function judge(text: unknown): string {
  if (text === 'pending') throw new SandboxError('never-settles', 'It waits for a promise that nothing settles.');
  if (text === 'too-large') throw new SandboxError('too-large', 'The results are too large.');
  if (typeof text !== 'string') throw new SandboxError('broken', 'The results are no text.');
  return text;
}
