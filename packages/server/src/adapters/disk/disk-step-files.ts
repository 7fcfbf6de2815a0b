import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FileMissingError, type StepFiles } from '@imaginarium/engine';
import type { FileHint } from '@imaginarium/node-sdk';
import type { FileRef } from '@imaginarium/protocol';
import { bytesOf, type DiskFileStore } from './disk-file-store.ts';
import type { OutputFolder } from './output-folder.ts';

/** Which files belong to the workspace a step executes for. */
export interface FileOwnership {
  addMade(file: FileRef, runId: string): Promise<void>;
  missing(ids: readonly string[]): Promise<string[]>;
}

export interface DiskStepFilesOptions {
  store: DiskFileStore;
  owned: FileOwnership;
  outputFolder: OutputFolder;
  /** Where folders of steps are made. */
  workFolder: string;
  /** Says the folder that another try of the same execution finds again. It is made when the node asks for it. */
  lastingFolderOf(runId: string, call: string): string;
}

/** The files of one node execution, on the local disk. A reference to another workspace's file is a file that is not there. */
export class DiskStepFiles implements StepFiles {
  readonly #options: DiskStepFilesOptions;
  readonly #runId: string;
  readonly #call: string;
  /** Files that are known to be the workspace's; most nodes touch none. */
  #known: Set<string> | undefined;
  #folder: Promise<string> | undefined;
  #isOver = false;
  #hasReturned = false;
  #hasLasting = false;

  /**
   * @param options the same for all executions of a workspace.
   * @param call names the execution, among those of its run.
   */
  constructor(options: DiskStepFilesOptions, runId: string, call: string) {
    this.#options = options;
    this.#runId = runId;
    this.#call = call;
  }

  async read(file: FileRef): Promise<Uint8Array> {
    return readFile(await this.path(file));
  }

  async path(file: FileRef): Promise<string> {
    const { store, owned } = this.#options;
    // Data may look like a file reference: what counts is whose file it is, not who names it.
    if (!this.#known?.has(file.id) && (await owned.missing([file.id])).length > 0) throw new FileMissingError(file.id);
    this.#know(file);
    return store.locate(file.id);
  }

  async write(bytes: Uint8Array, hint: FileHint): Promise<FileRef> {
    return this.#put(
      (async function* () {
        yield bytes;
      })(),
      hint,
    );
  }

  async adopt(path: string, hint: FileHint): Promise<FileRef> {
    const file = await this.#put(bytesOf(path), hint);
    await rm(path, { force: true });
    return file;
  }

  async folder(): Promise<string> {
    const { workFolder } = this.#options;
    // A question of a process that was killed may still be on its way.
    if (this.#isOver) throw new Error('The execution these files belong to is over.');
    this.#folder ??= mkdir(workFolder, { recursive: true }).then(() => mkdtemp(join(workFolder, 'step-')));
    return this.#folder;
  }

  async lastingFolder(): Promise<string> {
    if (this.#isOver) throw new Error('The execution these files belong to is over.');
    const lastingFolder = this.#findLasting();
    await mkdir(lastingFolder, { recursive: true });
    this.#hasLasting = true;
    return lastingFolder;
  }

  get hasFolder(): boolean {
    return this.#folder !== undefined || this.#hasLasting;
  }

  noteReturned(): void {
    this.#hasReturned = true;
  }

  async export(file: FileRef, path: string, whenTaken: 'keep-both' | 'replace'): Promise<string> {
    return this.#options.outputFolder.save(await this.path(file), file.id, path, whenTaken);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true });
    if (this.#hasLasting && this.#hasReturned) await rm(this.#findLasting(), { recursive: true, force: true });
  }

  #findLasting(): string {
    return this.#options.lastingFolderOf(this.#runId, this.#call);
  }

  async #put(source: AsyncIterable<Uint8Array>, hint: FileHint): Promise<FileRef> {
    const { store, owned } = this.#options;
    const file = hint.mime
      ? await store.putTrusted(source, { ...hint, mime: hint.mime })
      : await store.put(source, hint);
    await owned.addMade(file, this.#runId);
    this.#know(file);
    return file;
  }

  #know(file: FileRef): void {
    this.#known ??= new Set();
    this.#known.add(file.id);
  }
}
