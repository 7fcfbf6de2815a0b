import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import {
  Limiter,
  type NodeExecutor,
  type NodeRegistry,
  type NodeResult,
  type NodeTask,
  type PackageSource,
  readPackageFile,
  type TaskHost,
  toNodeResult,
} from '@imaginarium/engine';
import { emit, type NodeDefinition, type RawResult } from '@imaginarium/node-sdk';
import { type NodeDescription, nodeDescriptionSchema } from '@imaginarium/protocol';
import { ConfinedProcess } from './confined-process.ts';
import { type GrantedHosts, hostsFor } from './granted-hosts.ts';

export interface ConfinedPackagesOptions {
  folders: readonly string[];
  /** What the owner of the server lets them call. */
  granted: GrantedHosts;
  registry: NodeRegistry;
  /** Where processes get a folder each. */
  workFolder: string;
  /** Most megabytes of memory of one process. */
  memoryMb: number;
  /** Processes at work at the same time for one package. */
  concurrency: number;
}

/** How long a process without work is kept for the next task. */
const IDLE_MS = 60_000;
/** Pools of confined packages are told from others by this. */
const POOL = 'package:';

/**
 * Node packages that nobody has to trust: none of their code runs in the server or in a media process. Each is loaded and executed in processes
 * of its own that may do next to nothing; what it says of itself is plain data, checked before it is believed.
 */
export class ConfinedPackages {
  readonly #options: ConfinedPackagesOptions;
  readonly #pools = new Map<string, ConfinedPool>();

  constructor(options: ConfinedPackagesOptions) {
    this.#options = options;
  }

  /** Loads them into the registry; one that cannot be loaded is listed there with its error. */
  async load(): Promise<void> {
    for (const folder of this.#options.folders) await this.#loadOne(folder);
  }

  /** The executor of a pool, when it is that of a confined package. */
  executorFor(pool: string | undefined): NodeExecutor | undefined {
    return pool === undefined ? undefined : this.#pools.get(pool);
  }

  close(): void {
    for (const pool of this.#pools.values()) pool.close();
  }

  async #loadOne(given: string): Promise<void> {
    const { registry, granted, workFolder, memoryMb, concurrency } = this.#options;
    let source: PackageSource = { name: given, version: '0.0.0', confined: { net: [] } };
    let pool: ConfinedPool | undefined;
    try {
      const { name, version, imaginarium } = await readPackageFile(given);
      source = { name, version, confined: { net: [] } };
      const hosts = hostsFor(name, imaginarium.permissions, granted);
      source = { name, version, confined: { net: hosts } };
      const folder = await realpath(given);
      const workOf = (count: number) => join(workFolder, `confined-${this.#pools.size}-${count}`);
      const own = { folder, entry: imaginarium.entry };
      pool = new ConfinedPool(
        (count) => new ConfinedProcess({ package: own, hosts, workFolder: workOf(count), memoryMb }),
        concurrency,
      );
      const key = `${POOL}${name}`;
      this.#pools.set(key, pool);
      const nodes = (await pool.descriptions()).map((description) => definitionOf(checked(description), key));
      registry.add(source, nodes);
      pool.describe(nodes.map(({ description }) => description));
    } catch (error) {
      pool?.close();
      registry.addFailure(source, error instanceof Error ? error.message : String(error));
    }
  }
}

function checked(given: unknown): NodeDescription {
  const parsed = nodeDescriptionSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`A description is wrong at ${issue?.path.join('.') || 'its top'}: ${issue?.message}.`);
  }
  const description = parsed.data as NodeDescription; // The schema's own type leaves out what its union of params proves.
  if (description.credits === 'formula')
    throw new Error(`${description.type}: a confined package cannot compute its price. Give credits as a number.`);
  if (description.trigger !== undefined)
    throw new Error(`${description.type}: a confined package cannot bring triggers.`);
  // Its code would have to run here to upgrade a node.
  const { upgradesFrom: _upgradesFrom, ...rest } = description;
  return rest;
}

/** The node as the engine holds it: its functions are answered from the description, and it is executed elsewhere. */
function definitionOf(description: NodeDescription, pool: string): NodeDefinition {
  const { credits, mode, type } = description;
  const memoryMb = typeof description.resources === 'object' ? description.resources.memoryMb : 0;
  const resources = { pool, memoryMb };
  return {
    // The engine takes a node that names no pool for light, and executes it in its own process.
    description: { ...description, resources },
    upgrade: {},
    credits: () => (credits === 'formula' ? 0 : credits),
    resources: () => resources,
    yields: ({ items }) => (mode === 'all' ? 1 : items),
    fingerprint: async () => '',
    execute: () => Promise.reject(new Error(`${type} is executed in a process of its package.`)),
  };
}

/** The processes of one package: started when there is work, kept warm for a while. */
class ConfinedPool implements NodeExecutor {
  readonly #start: (count: number) => ConfinedProcess;
  readonly #limiter: Limiter;
  readonly #processes = new Set<ConfinedProcess>();
  readonly #idleTimers = new Map<ConfinedProcess, NodeJS.Timeout>();
  readonly #descriptions = new Map<string, NodeDescription>();
  #count = 0;

  constructor(start: (count: number) => ConfinedProcess, concurrency: number) {
    this.#start = start;
    this.#limiter = new Limiter(concurrency);
  }

  /** What the package says that it brings. @throws {Error} when it cannot be loaded. */
  async descriptions(): Promise<unknown[]> {
    const first = this.#take();
    try {
      return await first.descriptions;
    } finally {
      this.#giveBack(first);
    }
  }

  /** Notes what results are checked against: what the package said at first, whatever it says later. */
  describe(descriptions: readonly NodeDescription[]): void {
    for (const entry of descriptions) this.#descriptions.set(`${entry.type}@${entry.version}`, entry);
  }

  execute(task: NodeTask, host: TaskHost, signal: AbortSignal): Promise<NodeResult> {
    const description = this.#descriptions.get(`${task.type}@${task.version}`);
    if (!description)
      return Promise.reject(new Error(`${task.type} (version ${task.version}) is not of this package.`));
    return this.#limiter.run(async () => {
      signal.throwIfAborted();
      const process = this.#take();
      try {
        // Nothing secret goes in: no credentials, and no folder of the server's.
        const given = { ...task, credentials: {}, modelsFolder: '' };
        return toNodeResult(rawOf(await process.execute(given, host, signal)), description);
      } finally {
        this.#giveBack(process);
      }
    });
  }

  close(): void {
    for (const timer of this.#idleTimers.values()) clearTimeout(timer);
    for (const process of this.#processes) process.kill();
    this.#processes.clear();
  }

  #take(): ConfinedProcess {
    for (const process of this.#processes) {
      if (!process.isUsable) continue;
      clearTimeout(this.#idleTimers.get(process));
      return process;
    }
    const process = this.#start(++this.#count);
    this.#processes.add(process);
    return process;
  }

  #giveBack(process: ConfinedProcess): void {
    if (!process.isUsable) {
      this.#end(process);
      return;
    }
    const timer = setTimeout(() => this.#end(process), IDLE_MS);
    timer.unref();
    this.#idleTimers.set(process, timer);
  }

  #end(process: ConfinedProcess): void {
    this.#idleTimers.delete(process);
    this.#processes.delete(process);
    process.kill();
  }
}

/** A result as a node returns it, so that it passes the same check as any. */
function rawOf({ outputs, fields, failed = [] }: NodeResult): RawResult {
  const ports = Object.entries(outputs).map(([port, items], index) => [
    port,
    emit(items, index === 0 ? { failed } : {}),
  ]);
  return { ...Object.fromEntries(ports), ...(fields === undefined ? {} : { fields }) };
}
