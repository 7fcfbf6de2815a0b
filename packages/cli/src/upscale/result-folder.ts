import { appendFile, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { lockFile } from '@imaginarium/server/lock-file';
import { makeFolder } from '@imaginarium/server/make-folder';
import { CliError } from '../cli-error.ts';

/** Where a folder of results keeps what it has to remember, and work that is not finished. */
const NOTES_FOLDER = '.imaginarium';
/** Unfinished work that nobody went on with for so long is removed. */
const FORGOTTEN_MS = 7 * 24 * 60 * 60 * 1000;

/** A picture that was upscaled. */
export interface FinishedUpscale {
  /** Names the picture and all that its result depends on. */
  key: string;
  /** The result, below the folder. */
  result: string;
  /** How many bytes it has. */
  bytes: number;
}

/** A folder that upscaled pictures are saved to. It remembers which it has, so that the same command upscales none twice. */
export class ResultFolder {
  readonly path: string;
  readonly #finished = new Map<string, FinishedUpscale>();

  private constructor(path: string) {
    this.path = path;
  }

  /** Reads what a folder remembers; one that is not there has nothing. */
  static async read(path: string): Promise<ResultFolder> {
    const folder = new ResultFolder(resolve(path));
    const text = await readFile(folder.#notes('finished.jsonl'), 'utf8').catch(() => '');
    for (const line of text.split('\n')) {
      const finished = readLine(line);
      if (finished) folder.#finished.set(finished.key, finished);
    }
    return folder;
  }

  /**
   * Takes the folder for this process, and makes what it needs for work in it.
   * @returns folders for files in between, which goes in the end, and for unfinished work, which stays.
   * @throws {CliError} when another process is at work in it, or nobody may write to it.
   */
  async open(): Promise<AsyncDisposable & { workFolder: string; lastingFolder: string }> {
    try {
      await makeFolder(this.#notes());
    } catch (cause) {
      throw new CliError(
        `Results cannot be saved in ${this.path}: ${(cause as Error).message}. Choose another place with --out.`,
        2,
        { cause },
      );
    }
    const lock = await lockFile(this.#notes('lock'), (holder) => {
      const who = holder ? ` (${holder.host}, process ${holder.pid})` : '';
      return new CliError(
        `Another upscale saves to ${this.path} at the moment${who}. Wait for it, or save elsewhere with --out.`,
        2,
      );
    });
    const [workFolder, lastingFolder] = [this.#notes('work'), this.#notes('unfinished')];
    const removeWork = () => rm(workFolder, { recursive: true, force: true });
    // What a process left that was killed.
    await removeWork();
    await removeForgotten(lastingFolder);
    return {
      ...{ workFolder, lastingFolder },
      async [Symbol.asyncDispose]() {
        await removeWork();
        await lock[Symbol.asyncDispose]();
      },
    };
  }

  /** Where the result lies that the folder has; undefined where it has none, or no longer the same. */
  async find(key: string): Promise<string | undefined> {
    const finished = this.#finished.get(key);
    const stats = finished && (await stat(join(this.path, finished.result)).catch(() => undefined));
    return finished && stats?.size === finished.bytes ? finished.result : undefined;
  }

  /** Remembers a result that was saved. */
  async add(finished: FinishedUpscale): Promise<void> {
    this.#finished.set(finished.key, finished);
    await appendFile(this.#notes('finished.jsonl'), `${JSON.stringify(finished)}\n`);
  }

  /** Where all results lie that were saved here. */
  get results(): ReadonlySet<string> {
    return new Set([...this.#finished.values()].map(({ result }) => join(this.path, result)));
  }

  #notes(...names: string[]): string {
    return join(this.path, NOTES_FOLDER, ...names);
  }
}

/** A line that a process was killed at, and any other that is none, says nothing. */
function readLine(line: string): FinishedUpscale | undefined {
  try {
    const { key, result, bytes } = JSON.parse(line) as Partial<FinishedUpscale>;
    const isWhole = typeof key === 'string' && typeof result === 'string' && typeof bytes === 'number';
    return isWhole ? { key, result, bytes } : undefined;
  } catch {
    return undefined;
  }
}

async function removeForgotten(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const stats = await stat(join(folder, name)).catch(() => undefined);
    if (stats && Date.now() - stats.mtimeMs > FORGOTTEN_MS)
      await rm(join(folder, name), { recursive: true, force: true });
  }
}
