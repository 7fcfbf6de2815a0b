import {
  Limiter,
  NodeCrashError,
  type NodeExecutor,
  type NodeResult,
  type NodeTask,
  type TaskHost,
} from '@imaginarium/engine';
import type { ExaminedModel, MeasuredSpeed } from '@imaginarium/node-sdk';
import type { ModelEntry, TiledPicture } from '@imaginarium/protocol';
import type { PackageFolder } from '../../packages.ts';
import type { TilesTask } from './cut-tiles.ts';
import { MediaProcess, type MediaProcessOptions } from './media-process.ts';
import type { ToMedia } from './messages.ts';

export interface MediaPoolOptions extends MediaProcessOptions {
  /** Processes at work at the same time. */
  concurrency: number;
  /** Most pixels of a picture that is looked into. */
  pixelLimit: number;
}

/** How often work that can go on where it was is tried with ever less memory. */
const MOST_TRIES = 5;
/** How long a process without work is kept for the next task. */
const IDLE_MS = 60_000;

/** The media processes: started when there is work, kept warm for a while, killed to cancel. Executes the nodes of the pool `media`. */
export class MediaPool implements NodeExecutor {
  readonly #options: MediaPoolOptions;
  readonly #nodes: Limiter;
  // A node that writes a picture waits for it to be looked into: with a place among the nodes that look would wait for the node itself.
  readonly #looks: Limiter;
  // What is large takes seconds: one at a time, so that looks never wait for several.
  readonly #cuts = new Limiter(1);
  readonly #processes = new Set<MediaProcess>();
  /** Those that do one thing and are ended. */
  readonly #alone = new Set<MediaProcess>();
  /** Packages under development, where each of their revisions is loaded from. */
  readonly #revisions = new Map<number, PackageFolder>();
  readonly #idleTimers = new Map<MediaProcess, NodeJS.Timeout>();

  constructor(options: MediaPoolOptions) {
    this.#options = options;
    this.#nodes = new Limiter(options.concurrency);
    this.#looks = new Limiter(options.concurrency);
  }

  async execute(task: NodeTask, host: TaskHost, signal: AbortSignal): Promise<NodeResult> {
    const { revision = 0, ...plain } = task;
    // A process knows one revision, as its own first.
    return (await this.#perform({ type: 'execute', task: plain }, host, signal, revision)) as NodeResult; // What `execute` answers.
  }

  /** Tells where a package under development is loaded from, for tasks of that revision. */
  addRevision(revision: number, from: PackageFolder): void {
    this.#revisions.set(revision, from);
  }

  /** Reads a picture to its end. @returns its size in pixels, as shown. @throws {FileRefusedError} */
  async inspectPicture(path: string, name: string): Promise<{ width: number; height: number }> {
    const { pixelLimit } = this.#options;
    const size = await this.#perform({ type: 'inspect', path, name, pixelLimit }, undefined, never());
    return size as { width: number; height: number }; // What `inspect` answers.
  }

  /** Writes a small WebP of a picture. */
  async makeThumbnail(source: string, target: string, size: number): Promise<void> {
    const { pixelLimit } = this.#options;
    await this.#perform({ type: 'thumbnail', source, target, size, pixelLimit }, undefined, never());
  }

  /** Cuts a stored picture into tiles of the Deep Zoom format, in a folder that is there; one picture at a time. @throws {FileRefusedError} */
  async cutTiles(task: Omit<TilesTask, 'pixelLimit'>): Promise<TiledPicture> {
    const { pixelLimit } = this.#options;
    const message = { type: 'tiles' as const, ...task, pixelLimit };
    return (await this.#cuts.run(() => this.#performAlone(message, never()))) as TiledPicture; // What it answers.
  }

  /** Looks into a model file and tries it. @throws {NonRetryableError} with every reason why it cannot be used. */
  async examineModel(
    packageName: string,
    request: { path: string; file: string; expected: ModelEntry | null },
    signal: AbortSignal,
  ): Promise<ExaminedModel> {
    return (await this.#performAlone({ type: 'examine-model', packageName, request }, signal)) as ExaminedModel; // What it answers.
  }

  /** Measures how fast a model is here. @throws {NonRetryableError} when it cannot be run. */
  async measureModel(
    packageName: string,
    model: { entry: ModelEntry; path: string },
    signal: AbortSignal,
  ): Promise<MeasuredSpeed> {
    return (await this.#performAlone({ type: 'measure-model', packageName, model }, signal)) as MeasuredSpeed; // What it answers.
  }

  /** In a process that does nothing before and nothing after: what it holds is what this needs, and what it leaves goes with it. */
  #performAlone(message: Exclude<ToMedia, { type: 'answer' }>, signal: AbortSignal) {
    return this.#looks.run(async () => {
      const media = new MediaProcess(this.#options);
      this.#alone.add(media);
      try {
        return await media.perform(message, undefined, signal);
      } finally {
        this.#alone.delete(media);
        media.kill();
      }
    });
  }

  /** Megabytes of memory that its processes hold together. */
  get heldMb(): number {
    return [...this.#processes, ...this.#alone].reduce((sum, { residentMb }) => sum + residentMb, 0);
  }

  /** Ends all processes, whatever they are doing. */
  close(): void {
    for (const timer of this.#idleTimers.values()) clearTimeout(timer);
    for (const media of [...this.#processes, ...this.#alone]) media.kill();
    this.#processes.clear();
  }

  #perform(
    message: Exclude<ToMedia, { type: 'answer' }>,
    host: TaskHost | undefined,
    signal: AbortSignal,
    revision = 0,
  ) {
    const limiter = message.type === 'execute' ? this.#nodes : this.#looks;
    return limiter.run(async () => {
      for (let tries = 1; ; tries++) {
        signal.throwIfAborted();
        const media = this.#take(revision);
        try {
          return await media.perform(message, host, signal);
        } catch (error) {
          if (!isOutOfMemory(error) || !media.keepsWork || tries >= MOST_TRIES) throw error;
          host?.log.warn(`${error.message} It goes on with what is done, with less at once.`);
        } finally {
          this.#giveBack(media);
        }
      }
    });
  }

  #take(revision: number): MediaProcess {
    for (const media of this.#processes) {
      if (!media.isUsable || media.revision !== revision) continue;
      clearTimeout(this.#idleTimers.get(media));
      return media;
    }
    const developed = this.#revisions.get(revision);
    const packages = [...this.#options.packages, ...(developed ? [developed] : [])];
    const media = new MediaProcess({ ...this.#options, packages }, revision);
    this.#processes.add(media);
    return media;
  }

  #giveBack(media: MediaProcess): void {
    if (!media.isUsable) {
      this.#end(media);
      return;
    }
    const timer = setTimeout(() => this.#end(media), IDLE_MS);
    timer.unref();
    this.#idleTimers.set(media, timer);
  }

  #end(media: MediaProcess): void {
    this.#idleTimers.delete(media);
    this.#processes.delete(media);
    media.kill();
  }
}

function isOutOfMemory(error: unknown): error is NodeCrashError {
  return error instanceof NodeCrashError && error.why === 'memory';
}

function never(): AbortSignal {
  return new AbortController().signal;
}
