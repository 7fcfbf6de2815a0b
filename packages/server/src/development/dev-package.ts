import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { importNodes, type NodeRegistry, readPackageFile } from '@imaginarium/engine';
import type { PackageFolder } from '../packages.ts';
import { copyPackage, listPackageFiles, type PackageFiles } from './package-snapshot.ts';
import { sourceEntry } from './source-entry.ts';
import { tryPackage } from './try-package.ts';
import { watchFolders } from './watch-folders.ts';

/** How one loading of the package went. */
export type DevReport =
  | { ok: true; name: string; version: string; types: string[]; durationMs: number }
  | { ok: false; name: string; error: string /** Whether what was loaded before still serves. */; keeps: boolean };

export interface DevPackageOptions {
  /** The package's folder. */
  folder: string;
  registry: NodeRegistry;
  /** Told which folder the package is loaded from at a revision: processes that execute its nodes load it from there. */
  onLoaded(revision: number, from: PackageFolder): void;
  /** Told of every loading, good or bad. */
  onReport(report: DevReport): void;
}

/** The folder cannot be developed in: it holds no node package, or nothing can be written there. */
export class DevFolderError extends Error {
  constructor(folder: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`${folder} cannot be loaded as a node package: ${why} Name the folder that holds its package.json.`, {
      cause,
    });
    this.name = 'DevFolderError';
  }
}

/** Hidden folder in the package that holds a copy of it for each time it was loaded. */
const COPIES = '.imaginarium';

/**
 * A node package that is being written. It is loaded from a copy of its files, anew whenever they change; what is loaded first is tried in a
 * process of its own, so that a broken save leaves everything as it was. Runs at work end with the copy they began with.
 */
export class DevPackage {
  readonly #options: DevPackageOptions;
  readonly #folder: string;
  readonly #copies: string;
  /** As the registry lists it. */
  #name: string;
  #hash = '';
  #count = 0;
  #isLoaded = false;
  #loading: Promise<void> = Promise.resolve();
  #stopWatching: () => void = () => undefined;
  #closed = false;

  constructor(options: DevPackageOptions) {
    this.#options = options;
    this.#folder = resolve(options.folder);
    this.#name = this.#folder;
    this.#copies = join(this.#folder, COPIES, String(process.pid));
  }

  /** Loads the package and begins to watch it. @throws {DevFolderError} when it is no package, or no copy of it can be written. */
  async open(): Promise<void> {
    try {
      this.#name = (await readPackageFile(this.#folder)).name;
      await mkdir(this.#copies, { recursive: true });
      await writeFile(join(this.#folder, COPIES, '.gitignore'), '*\n');
      await removeForgotten(join(this.#folder, COPIES));
    } catch (error) {
      throw new DevFolderError(this.#folder, error);
    }
    await this.reload();
  }

  /** Loads the package again if any of its files changed. */
  reload(): Promise<void> {
    this.#loading = this.#loading.then(() => this.#load()).catch((error: unknown) => this.#fail(error));
    return this.#loading;
  }

  /** Watches no more, and removes the copies. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopWatching();
    await this.#loading;
    await rm(this.#copies, { recursive: true, force: true });
  }

  async #load(): Promise<void> {
    if (this.#closed) return;
    const startedAt = performance.now();
    const { files, hash } = await this.#list();
    if (hash === this.#hash) return;
    this.#hash = hash;
    const copy = join(this.#copies, String(++this.#count));
    await copyPackage(this.#folder, files, copy);
    const { name, version, imaginarium } = await readPackageFile(copy);
    const entry = sourceEntry(copy, imaginarium.entry);
    const wrong = await tryPackage(copy, entry);
    if (wrong !== undefined) throw new Error(wrong);
    const nodes = await importNodes(copy, entry);
    // Results that were kept for other files must not answer for these.
    const source = { name, version: `${version}+dev.${hash.slice(0, 8)}`, development: true };
    const revision = this.#options.registry.replace(this.#name, source, nodes);
    this.#name = name;
    this.#isLoaded = true;
    this.#options.onLoaded(revision, { folder: copy, entry });
    const types = nodes.map(({ description }) => `${description.type}@${description.version}`);
    this.#options.onReport({ ok: true, name, version, types, durationMs: performance.now() - startedAt });
  }

  /** Lists the files, and watches the folders they lie in. */
  async #list(): Promise<PackageFiles> {
    const entry = await readPackageFile(this.#folder).then(
      (file) => file.imaginarium.entry,
      () => '', // What is wrong with it is said when the copy is read.
    );
    const [built] = entry.replace(/^\.\//, '').split('/');
    // What a compiler writes beside the source is not what is loaded.
    const leaveOut = built !== undefined && sourceEntry(this.#folder, entry) !== entry ? [built] : [];
    // Watched before they are read, so that no save falls between.
    const listed = await listPackageFiles(this.#folder, leaveOut);
    this.#stopWatching();
    this.#stopWatching = watchFolders(
      listed.folders.map((path) => join(this.#folder, path)),
      () => void this.reload(),
    );
    return listPackageFiles(this.#folder, leaveOut);
  }

  #fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const { registry, onReport } = this.#options;
    const isListed = registry.packages().some(({ name }) => name === this.#name);
    if (isListed) registry.noteError(this.#name, message);
    else registry.addFailure({ name: this.#name, version: '0.0.0', development: true }, message);
    onReport({ ok: false, name: this.#name, error: message, keeps: this.#isLoaded });
  }
}

/** Removes copies that processes left behind which are gone. */
async function removeForgotten(copies: string): Promise<void> {
  for (const name of await readdir(copies)) {
    if (!/^\d+$/.test(name) || isAlive(Number(name))) continue;
    await rm(join(copies, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
