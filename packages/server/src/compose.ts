import { mkdir, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  LocalExecutor,
  MemoryCreditMeter,
  MemoryEventBus,
  type NodeRegistry,
  quoteRun,
  type RunServices,
  systemClock,
} from '@imaginarium/engine';
import { pino } from 'pino';
import { loadSessionSecret } from './accounts/session-secret.ts';
import { newSetupCode } from './accounts/setup-code.ts';
import { DiskFileStore } from './adapters/disk/disk-file-store.ts';
import { DiskStepFiles } from './adapters/disk/disk-step-files.ts';
import { OutputFolder } from './adapters/disk/output-folder.ts';
import { Thumbnails } from './adapters/disk/thumbnails.ts';
import { EmbeddedQueue } from './adapters/embedded-queue/embedded-queue.ts';
import { MediaPool } from './adapters/media/media-pool.ts';
import { RunnerPool } from './adapters/runner/runner-pool.ts';
import { SqlAccountStore } from './adapters/typeorm/accounts.ts';
import { openDatabase } from './adapters/typeorm/data-source.ts';
import { SqlRunStore } from './adapters/typeorm/run-store.ts';
import { SqlSessionStore } from './adapters/typeorm/sessions.ts';
import { SqlStepCache } from './adapters/typeorm/step-cache.ts';
import { openWorkspaceOn } from './adapters/typeorm/workspaces.ts';
import type { Config } from './config.ts';
import { createApp } from './http/app.ts';
import type { AppDeps } from './http/app-deps.ts';
import { createHttpServer } from './http/http-server.ts';
import { createMetrics } from './http/metrics.ts';
import { createLogger } from './http/request-log.ts';
import { attachLiveEvents } from './live/live-events.ts';
import { openRegistry, type PackageFolder } from './packages.ts';
import { Worker } from './worker/worker.ts';
import { starterWorkflow } from './workflows/starter-workflow.ts';

/** What is installed beside the server. */
export interface Installed {
  packages: readonly PackageFolder[];
  /** The built editor; null when there is none. */
  editorFolder: string | null;
}

/** A server that is put together. */
export interface RunningServer {
  /** Begins to answer, and to execute runs. @returns the address, such as `http://127.0.0.1:4680`. @throws system errors of listening. */
  listen(): Promise<string>;
  /** Answers no more, gives runs at work `graceMs` milliseconds to end, and closes everything. */
  stop(graceMs: number): Promise<void>;
  /** What first-run set-up asks for; null when it asks for none or the owner is there already. */
  setupCode: string | null;
  /** What is wrong without keeping the server from starting, in sentences. */
  problems: string[];
}

/** The data folder cannot be used; the message says why and what to do. */
export class DataFolderError extends Error {
  constructor(folder: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `The data folder ${folder} cannot be used: ${reason}.\nChoose another with --data or IMAGINARIUM_DATA_DIR, or let this user write to it.`,
      { cause },
    );
    this.name = 'DataFolderError';
  }
}

/**
 * Puts the server together: the one place where interfaces meet what really stands behind them.
 * @throws {DataFolderError} {@link DatabaseOpenError} with the remedy.
 */
export async function composeServer(config: Config, { packages, editorFolder }: Installed): Promise<RunningServer> {
  const folders = await makeFolders(config.dataDir);
  const logger = createLogger(config.logLevel, pino.destination({ dest: 2, sync: false }));
  const database = await openDatabase(
    config.databaseUrl === null
      ? { sqliteFile: join(config.dataDir, 'imaginarium.sqlite') }
      : { url: config.databaseUrl },
  );
  const registry = await openRegistry(packages);
  const media = new MediaPool({
    ...{ packages, cacheFolder: folders.cache, pixelLimit: config.pixelLimit },
    ...{ memoryMb: config.mediaMemoryMb, concurrency: config.mediaConcurrency },
  });
  const runner = new RunnerPool({
    ...{ folder: join(folders.work, 'runner'), concurrency: config.codeConcurrency },
    ...{ timeoutMs: config.codeTimeoutMs, memoryMb: config.codeMemoryMb },
  });
  const files = new DiskFileStore({
    root: folders.files,
    inspectPicture: (path, name) => media.inspectPicture(path, name),
    maxBytes: config.uploadLimitBytes,
  });
  const openWorkspace = openWorkspaceOn(database);
  const runStore = new SqlRunStore(database);
  const queue = new EmbeddedQueue(runStore);
  const bus = new MemoryEventBus();
  const meter = new MemoryCreditMeter();
  const local = new LocalExecutor(registry);
  const services: RunServices = {
    ...{ registry, store: runStore, bus, meter, clock: systemClock, modelsFolder: config.modelsDir },
    cache: new SqlStepCache(database),
    code: runner,
    executorFor: (pool) => (pool === 'media' ? media : local),
    openFiles: ({ workspaceId }) =>
      new DiskStepFiles({
        store: files,
        owned: openWorkspace(workspaceId).files,
        outputFolder: new OutputFolder(join(folders.outputs, workspaceId)),
        workFolder: folders.work,
      }),
  };
  const worker = new Worker({
    ...{ queue, services, concurrency: config.concurrency, log: logger },
    id: `${hostname()}:${process.pid}`,
    onSettled: async ({ workspaceId, run }, { cover }) => {
      if (cover) await openWorkspace(workspaceId).workflows.setCover(run.workflowId, cover);
    },
  });
  const accounts = new SqlAccountStore(database);
  const setupCode = newSetupCode(config);
  let draining = false;
  const deps: AppDeps = {
    ...{
      config,
      accounts,
      openWorkspace,
      runStore,
      queue,
      eventBus: bus,
      catalogue: registry,
      meter,
      logger,
      setupCode,
    },
    pingDatabase: () => database.ping(),
    sessionStore: new SqlSessionStore(database),
    sessionSecret: await loadSessionSecret(config.dataDir),
    quoteRun: (graph, inputs, measured) => quoteRun(graph, inputs, registry, measured),
    fileStore: () => files,
    thumbnails: new Thumbnails({
      folder: folders.thumbnails,
      pathOf: (id) => files.pathOf(id),
      make: (source, target, size) => media.makeThumbnail(source, target, size),
    }),
    metrics: createMetrics(),
    isDraining: () => draining,
    staticFolder: editorFolder,
    onOwnerCreated: async ({ workspace }) => {
      await openWorkspace(workspace.id).workflows.create(starterWorkflow);
    },
  };
  const server = createHttpServer(createApp(deps));
  const live = attachLiveEvents(server, deps);
  return {
    async listen() {
      await listenOn(server, config);
      await worker.start();
      return addressOf(server, config.host);
    },
    async stop(graceMs) {
      draining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await live.close();
      server.closeIdleConnections();
      await worker.stop(graceMs);
      server.closeAllConnections();
      await closed;
      media.close();
      runner.close();
      await database.close();
    },
    setupCode: (await accounts.hasOwner()) ? null : setupCode,
    problems: problemsOf(registry, editorFolder),
  };
}

async function makeFolders(dataDir: string) {
  const folder = (name: string) => join(dataDir, name);
  const folders = {
    files: folder('files'),
    outputs: folder('outputs'),
    thumbnails: folder('cache/thumbnails'),
    cache: folder('cache'),
    work: folder('work'),
  };
  try {
    // What steps of an earlier process left behind belongs to nobody.
    await rm(folders.work, { recursive: true, force: true });
    for (const path of Object.values(folders)) await mkdir(path, { recursive: true });
  } catch (error) {
    throw new DataFolderError(dataDir, error);
  }
  return folders;
}

function listenOn(server: Server, { host, port }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo; // It listens on a port, not on a pipe.
  return `http://${host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host}:${port}`;
}

function problemsOf(registry: NodeRegistry, editorFolder: string | null): string[] {
  const broken = registry.packages().filter(({ state }) => state === 'failed');
  return [
    ...broken.map(({ name, error }) => `The node package ${name} could not be loaded: ${error}`),
    ...(editorFolder ? [] : ['The editor is not built: run npm run build. The API answers all the same.']),
  ];
}
