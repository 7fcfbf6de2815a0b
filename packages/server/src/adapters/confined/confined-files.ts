import { copyFile, lstat, mkdir, realpath, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { NodeResult, NodeTask, TaskHost } from '@imaginarium/engine';
import { NonRetryableError } from '@imaginarium/node-sdk';
import { type FileRef, isFileRef, type Json } from '@imaginarium/protocol';
import type { FromConfined } from './messages.ts';

type Request = Extract<FromConfined, { type: 'ask' }>;
/** What it may ask of its files. */
export type FileQuestion = Request & { method: Exclude<Request['method'], 'fetch'> };

/**
 * Answers what a confined process asks of the files of its task. It sees copies in a folder of its own, and hands over what it wrote there:
 * no path of the server leads in or out.
 */
export class ConfinedFiles {
  readonly #host: TaskHost;
  /** Of this task; in the folder that the process may write to. */
  readonly #folder: string;
  #copies = 0;
  /** What it may give: what it got, and what it made. */
  readonly #known = new Map<string, FileRef>();

  constructor(host: TaskHost, folder: string, { input }: Pick<NodeTask, 'input'>) {
    this.#host = host;
    this.#folder = folder;
    for (const value of Object.values(input).flat()) if (isFileRef(value)) this.#known.set(value.id, value);
  }

  /** @throws {Error} for what it may not have. */
  async answer({ method, file, path, hint }: FileQuestion): Promise<unknown> {
    switch (method) {
      case 'path':
        return this.#copyIn(file);
      case 'folder':
        await mkdir(this.#folder, { recursive: true });
        return this.#folder;
      case 'adopt':
        return this.#takeOver(path, hint?.name);
      case 'lastingFolder':
      case 'export':
        throw new NonRetryableError(
          'A node of a confined package neither saves to the output folder nor keeps folders: hand on files by its ports.',
        );
    }
  }

  /**
   * A result with the server's own references to its files.
   * @throws {NonRetryableError} when it names a file that it neither got nor made.
   */
  withOwnFiles(result: NodeResult): NodeResult {
    const own = (value: Json | FileRef) => {
      if (!isFileRef(value)) return value;
      const known = this.#known.get(value.id);
      if (!known) throw new NonRetryableError('A confined node gave a file that it neither got nor made.');
      return known;
    };
    const outputs = Object.entries(result.outputs).map(([port, items]) => [
      port,
      items.map((item) => ({ ...item, value: own(item.value) })),
    ]);
    return { ...result, outputs: Object.fromEntries(outputs) };
  }

  /** A path of a file that it made, directly in its folder. @throws {NonRetryableError} for any other. */
  async ownFile(path: string): Promise<string> {
    const found = await lstat(path).catch(() => undefined);
    if (!(await this.#isInFolder(path)) || !found?.isFile())
      throw new NonRetryableError('Expected a file directly in files.folder().');
    return path;
  }

  /** A path for a file that is not there yet, directly in its folder. @throws {NonRetryableError} for any other. */
  async newFile(path: string): Promise<string> {
    if (!(await this.#isInFolder(path)) || (await lstat(path).catch(() => undefined)))
      throw new NonRetryableError('saveTo: expected the path of a new file directly in files.folder().');
    return path;
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #copyIn(file: Request['file']): Promise<string> {
    if (file === undefined) throw new Error('files.path: expected a file.');
    // Whose file it is, is checked by the files of the run; of the reference only the id counts there.
    const source = await this.#host.files.path(file as unknown as FileRef);
    await mkdir(this.#folder, { recursive: true });
    const copy = join(this.#folder, `input-${++this.#copies}`);
    await copyFile(source, copy);
    return copy;
  }

  async #takeOver(path: string | undefined, name: string | undefined): Promise<FileRef> {
    if (path === undefined || name === undefined) throw new Error('files.adopt: expected a path and a name.');
    await this.ownFile(path);
    // What kind of file it is, is found by its bytes: nothing that it says of them is believed.
    const file = await this.#host.files.adopt(path, { name: name.slice(0, 200) });
    this.#known.set(file.id, file);
    return file;
  }

  async #isInFolder(path: string): Promise<boolean> {
    const inside = await realpath(dirname(path)).catch(() => '');
    return inside === (await realpath(this.#folder).catch(() => undefined));
  }
}
