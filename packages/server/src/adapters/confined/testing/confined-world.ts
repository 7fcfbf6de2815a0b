import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeRegistry, type NodeResult, type NodeTask, type TaskHost } from '@imaginarium/engine';
import { TestFiles, TestHttp } from '@imaginarium/node-sdk/testing';
import type { FileRef, Json } from '@imaginarium/protocol';
import { ConfinedPackages } from '../confined-packages.ts';

// Inside the project, from where the kit is found.
const scratch = join(realpathSync(import.meta.dirname), '../../../../../../.cache');

/** The code of a node, `acme.<type>`, with an optional item and picture, which gives `told` and a picture. */
export const node = (type: string, execute: string, more = ''): string => `defineNode({
  type: 'acme.${type}', version: 1, title: 'T', summary: 'S.', group: 'processing', icon: 'box',
  inputs: { item: port.any({ optional: true }), image: port.image({ optional: true }) },
  outputs: { told: port.any(), image: port.image() }, effects: 'pure', ${more} execute: ${execute} })`;

/** Packages that were loaded, and ways to execute their nodes. */
export interface LoadedPackages {
  registry: NodeRegistry;
  files: TestFiles;
  logs: string[];
  workFolder: string;
  execute(type: string, input?: NodeTask['input'], signal?: AbortSignal): Promise<NodeResult>;
  /** What a node gives on its port `told`. */
  told(type: string, input?: NodeTask['input']): Promise<Json | FileRef | undefined>;
}

/** A folder with node packages, and what loads and executes them confined. */
export class ConfinedWorld {
  readonly root: string;
  readonly #opened: ConfinedPackages[] = [];

  constructor() {
    mkdirSync(scratch, { recursive: true });
    this.root = mkdtempSync(join(scratch, 'confined-'));
  }

  /** Ends its processes and removes everything. */
  close(): void {
    for (const packages of this.#opened.splice(0)) packages.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Writes a package of nodes. @returns its folder. */
  aPackage(name: string, nodes: string[], changes: { head?: string; permissions?: object } = {}): string {
    const folder = join(this.root, name);
    mkdirSync(folder);
    const imaginarium = { api: 1, entry: './index.js', permissions: changes.permissions };
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name, version: '1.0.0', type: 'module', imaginarium }),
    );
    const kit = `import { defineNode, definePackage, port } from '@imaginarium/node-sdk';`;
    writeFileSync(
      join(folder, 'index.js'),
      `${kit}\n${changes.head ?? ''}\nexport default definePackage({ nodes: [${nodes.join(',')}] });`,
    );
    return folder;
  }

  /** Loads packages that were granted hosts. @param http what answers when they call services. */
  async load(
    folders: readonly string[],
    { granted = {}, http = new TestHttp() }: { granted?: Record<string, string[]>; http?: TaskHost['http'] } = {},
  ): Promise<LoadedPackages> {
    const registry = new NodeRegistry();
    const workFolder = join(this.root, 'work');
    const packages = new ConfinedPackages({
      ...{ folders, granted: new Map(Object.entries(granted)), registry, workFolder },
      ...{ memoryMb: 400, concurrency: 2 },
    });
    this.#opened.push(packages);
    await packages.load();
    const files = new TestFiles();
    const logs: string[] = [];
    const log = (message: string) => logs.push(message);
    const host: TaskHost = {
      ...{ files, http, progress: () => undefined, log: { debug: log, info: log, warn: log, error: log } },
      code: { run: async () => [] },
    };
    const execute: LoadedPackages['execute'] = async (type, input = {}, signal = new AbortController().signal) => {
      const { definition } = registry.find(`acme.${type}`, 1) ?? {};
      const executor = packages.executorFor(definition?.resources({ params: {}, items: 1 })?.pool);
      if (!executor) throw new Error(`acme.${type} has no executor`);
      const task = { type: `acme.${type}`, version: 1, input, items: {}, fields: {}, params: {} };
      const more = { credentials: { api: { token: 'secret' } }, idempotencyKey: 'k', modelsFolder: '/models' };
      return executor.execute({ ...task, ...more }, host, signal);
    };
    const told: LoadedPackages['told'] = async (type, input = {}) =>
      (await execute(type, input)).outputs.told?.[0]?.value;
    return { registry, files, logs, execute, told, workFolder };
  }
}
