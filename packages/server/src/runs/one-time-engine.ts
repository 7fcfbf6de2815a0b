import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  executeRun,
  installedModels,
  LocalExecutor,
  MemoryEventBus,
  MemoryRunStore,
  MemoryStepCache,
  type NodeRegistry,
  noChildRuns,
  quoteRun,
  type RunOutcome,
  type RunRests,
  type RunServices,
  RunStoppedError,
  remarksOf,
  systemClock,
  WorkBudget,
} from '@imaginarium/engine';
import { freeMemoryMb } from '@imaginarium/pictures';
import {
  type FileRef,
  type Graph,
  type GraphNode,
  type JsonObject,
  type Run,
  type RunEvent,
  type Step,
  stableStringify,
  type WaitKind,
  withDefaults,
} from '@imaginarium/protocol';
import { bytesOf, DiskFileStore } from '../adapters/disk/disk-file-store.ts';
import { DiskStepFiles, type DiskStepFilesOptions, type FileOwnership } from '../adapters/disk/disk-step-files.ts';
import { OutputFolder } from '../adapters/disk/output-folder.ts';
import { GuardedHttp } from '../adapters/http/guarded-http.ts';
import { MediaPool } from '../adapters/media/media-pool.ts';
import { RunnerPool } from '../adapters/runner/runner-pool.ts';
import { BUILT_IN_PRICES } from '../credits/built-in-prices.ts';
import type { PackageFolder } from '../packages.ts';
import { lastingFolderFor } from '../work-folder.ts';
import { defaultMemoryBudgetMb } from '../worker/memory-budget.ts';
import { type PricedRun, priceRun } from './price-run.ts';

/** A run waits for what only a server can bring it. */
export class NobodyAnswersError extends Error {
  constructor(node: string, kind: WaitKind) {
    const what = kind === 'approval' ? 'an approval' : kind === 'callback' ? 'a call from outside' : 'another run';
    super(`The node "${node}" waits for ${what}, and nobody can give it here. Run the workflow on a server.`);
    this.name = 'NobodyAnswersError';
  }
}

export interface OneTimeEngineOptions {
  registry: NodeRegistry;
  packages: readonly PackageFolder[];
  /** A folder for everything in between; the caller removes it. */
  workFolder: string;
  /** Where unfinished work is kept for a later run of the same id. Default: in the work folder. */
  lastingFolder?: string;
  /** Where nodes save results to. */
  outFolder: string;
  modelsFolder: string;
  /** Most pixels of a picture that is read. */
  pixelLimit: number;
  /** Most bytes of a file. */
  maxBytes: number;
  /** Nodes at work in media processes at the same time. */
  mediaConcurrency: number;
  /** Most megabytes one media process may use. */
  mediaMemoryMb: number;
  /** Most megabytes that heavy steps may use together. Default: three quarters of the machine's. */
  memoryBudgetMb?: number;
  /** Names, addresses and ranges that may be called though they are not public. Default: none. */
  httpAllowed?: readonly string[];
  /** Runner processes at work at the same time, most milliseconds and megabytes of one program. */
  codeConcurrency: number;
  codeTimeoutMs: number;
  codeMemoryMb: number;
}

/** What is executed. */
export interface OneTimeWorkflow {
  /** The run goes on with what an earlier one of this id left in the lasting folder. Default: an id of its own. */
  id?: string;
  name: string;
  graph: Graph;
}

/** What one execution came to. */
export interface ExecutedOnce {
  run: Run;
  steps: Step[];
}

/**
 * Executes graphs without a server and without a database: the same engine, node packages and media processes, with a record that lives
 * as long as the process.
 */
export class OneTimeEngine implements Disposable {
  readonly #options: OneTimeEngineOptions;
  readonly #media: MediaPool;
  readonly #runner: RunnerPool;
  readonly #http: GuardedHttp;
  readonly #budget: WorkBudget;
  readonly #files: DiskFileStore;
  readonly #outputFolder: OutputFolder;
  readonly #store = new MemoryRunStore();
  readonly #bus = new MemoryEventBus();

  constructor(options: OneTimeEngineOptions) {
    this.#options = options;
    const { packages, workFolder, pixelLimit, maxBytes } = options;
    this.#media = new MediaPool({
      packages,
      pixelLimit,
      cacheFolder: join(workFolder, 'cache'),
      memoryMb: options.mediaMemoryMb,
      concurrency: options.mediaConcurrency,
    });
    this.#budget = new WorkBudget({
      memoryMb: options.memoryBudgetMb ?? defaultMemoryBudgetMb(),
      places: { media: options.mediaConcurrency },
      freeMb: freeMemoryMb,
      heldMb: (pool) => (pool === 'media' ? this.#media.heldMb : undefined),
    });
    this.#http = new GuardedHttp({ allowed: options.httpAllowed ?? [], fileLimitBytes: options.maxBytes });
    this.#runner = new RunnerPool({
      ...{ folder: join(workFolder, 'runner'), concurrency: options.codeConcurrency },
      ...{ timeoutMs: options.codeTimeoutMs, memoryMb: options.codeMemoryMb },
    });
    const inspectPicture = (path: string, name: string) => this.#media.inspectPicture(path, name);
    this.#files = new DiskFileStore({ root: join(workFolder, 'files'), inspectPicture, maxBytes });
    this.#outputFolder = new OutputFolder(options.outFolder);
  }

  /** Takes a file of the disk in, for an input. @throws {FileRefusedError} */
  async addFile(path: string): Promise<FileRef> {
    return this.#files.put(bytesOf(path), { name: basename(path) });
  }

  /** Saves a file that the run made to the output folder. @returns the path it got, below that folder. */
  async save(file: FileRef, path: string): Promise<string> {
    return this.#outputFolder.save(this.#files.pathOf(file.id), file.id, path, 'keep-both');
  }

  /** Forgets a file that no run needs any more. */
  async removeFile(file: FileRef): Promise<void> {
    await rm(this.#files.pathOf(file.id), { force: true });
  }

  /** Names all that the results of a node depend on beside what comes in: its version, its params, installed models. */
  async printOf({
    type,
    version,
    params,
  }: Pick<GraphNode, 'type' | 'version'> & { params: JsonObject }): Promise<string> {
    const { registry, modelsFolder } = this.#options;
    const registered = registry.find(type, version);
    if (!registered) throw new Error(`There is no node type ${type}, version ${version}.`);
    const { definition, packageName, packageVersion } = registered;
    const whole = withDefaults(definition.description.params, params);
    const fingerprint = await definition.fingerprint({ params: whole, modelsFolder });
    return stableStringify({ type, version, packageName, packageVersion, params: whole, fingerprint });
  }

  /** What a run would cost by the prices that Imaginarium ships with, and how long it would take. @throws {HttpError} `batch-too-large`. */
  async quote(graph: Graph, inputs: JsonObject): Promise<PricedRun> {
    const { registry, modelsFolder } = this.#options;
    const models = await installedModels(registry, modelsFolder);
    const remarks = await remarksOf(graph, inputs, registry, modelsFolder);
    const quote: Parameters<typeof priceRun>[1] = (asked, given, basis) =>
      quoteRun(asked, given, registry, { ...basis, models, remarks });
    return priceRun(BUILT_IN_PRICES, quote, { graph, inputs }, { measured: new Map() });
  }

  /** Executes a graph to its end, telling its events on the way. Aborting the signal cancels the run. Several may be executed at once. */
  async execute(
    workflow: OneTimeWorkflow,
    inputs: JsonObject,
    onEvent: (event: RunEvent) => void,
    signal: AbortSignal,
  ): Promise<ExecutedOnce> {
    const nowhere = '00000000-0000-4000-8000-000000000000';
    const { run } = await this.#store.accept({
      ...{ id: workflow.id ?? randomUUID(), workspaceId: nowhere, workflowId: nowhere, createdBy: nowhere },
      ...{ workflowName: workflow.name, graph: workflow.graph, version: null },
      ...{ inputs, trigger: 'cli', priority: 5, creditsQuoted: 0 },
    });
    const lease = await this.#store.claim(run.id, 'cli', Number.MAX_SAFE_INTEGER);
    const record = await this.#store.load(run.id);
    if (!lease || !record) throw new Error('The run was lost before it began.'); // The store is this object's own.
    const unsubscribe = this.#bus.subscribe((events) => {
      // Others may be executed at the same time.
      for (const event of events) if (event.runId === run.id) onEvent(event);
    });
    const cancel = new AbortController();
    const onAbort = () => cancel.abort(new RunStoppedError('run-cancelled', 'The run was cancelled.'));
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      let end: RunOutcome | RunRests | undefined = await executeRun(record, lease, this.#services(), cancel.signal);
      while (end?.state === 'waiting') end = await this.#goOn(run.id, cancel.signal);
    } finally {
      signal.removeEventListener('abort', onAbort);
      unsubscribe();
    }
    const ended = await this.#store.load(run.id);
    return { run: ended?.run ?? run, steps: ended?.steps ?? [] };
  }

  /** Lets time pass for a run that waits, and goes on with it. @throws {NobodyAnswersError} when it waits for something else than time. */
  async #goOn(runId: string, signal: AbortSignal): Promise<RunOutcome | RunRests | undefined> {
    const steps = (await this.#store.load(runId))?.parked?.steps ?? [];
    const open = steps.flatMap(({ node, waits }) => waits.flatMap((wait) => (wait.answer ? [] : [{ node, ...wait }])));
    const times = open.filter(({ about: { kind } }) => kind === 'time' || kind === 'retry');
    const [stuck] = open.filter((wait) => !times.includes(wait));
    if (stuck) throw new NobodyAnswersError(stuck.node, stuck.about.kind);
    const dueAt = Math.min(...times.map((wait) => Date.parse(wait.dueAt ?? '')));
    await systemClock.sleep(Math.max(0, dueAt - Date.now()), signal).catch(() => this.#store.requestCancel(runId));
    for (const { wait } of await this.#store.waits.listDue(open.length))
      await this.#store.waits.answer(wait.id, { timeIsUp: true, value: null });
    const lease = await this.#store.claim(runId, 'cli', Number.MAX_SAFE_INTEGER);
    const record = await this.#store.load(runId);
    if (!lease || !record) return record?.run.state === 'waiting' ? { state: 'waiting', queued: false } : undefined;
    return executeRun(record, lease, this.#services(), signal);
  }

  [Symbol.dispose](): void {
    this.#media.close();
    this.#runner.close();
    void this.#http.close();
  }

  #services(): RunServices {
    const { registry, modelsFolder, workFolder, lastingFolder = join(workFolder, 'lasting') } = this.#options;
    const local = new LocalExecutor(registry);
    const owned: FileOwnership = { addMade: async () => undefined, missing: async () => [] };
    const files: DiskStepFilesOptions = {
      ...{ store: this.#files, owned, outputFolder: this.#outputFolder, workFolder: join(workFolder, 'steps') },
      lastingFolderOf: (runId, call) => lastingFolderFor(lastingFolder, runId, call),
    };
    return {
      ...{ registry, modelsFolder, store: this.#store, bus: this.#bus, clock: systemClock },
      cache: new MemoryStepCache(),
      children: noChildRuns,
      ...{ code: this.#runner, http: this.#http },
      budget: this.#budget,
      executorFor: (pool) => (pool === 'media' ? this.#media : local),
      openFiles: ({ runId }, call) => new DiskStepFiles(files, runId, call),
    };
  }
}
