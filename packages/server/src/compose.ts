import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { LocalExecutor, type RunServices, systemClock, WorkBudget } from '@imaginarium/engine';
import { pino } from 'pino';
import { loadSessionSecret } from './accounts/session-secret.ts';
import { newSetupCode } from './accounts/setup-code.ts';
import { ConfinedPackages } from './adapters/confined/confined-packages.ts';
import { DiskFileStore } from './adapters/disk/disk-file-store.ts';
import { DiskStepFiles } from './adapters/disk/disk-step-files.ts';
import { OutputFolder } from './adapters/disk/output-folder.ts';
import { Thumbnails } from './adapters/disk/thumbnails.ts';
import { UnownedFiles } from './adapters/disk/unowned-files.ts';
import { Circuits } from './adapters/http/circuits.ts';
import { GuardedHttp } from './adapters/http/guarded-http.ts';
import { MediaPool } from './adapters/media/media-pool.ts';
import { RunnerPool } from './adapters/runner/runner-pool.ts';
import { StripeBilling } from './adapters/stripe/stripe-billing.ts';
import { StripeShop } from './adapters/stripe/stripe-shop.ts';
import { SqlAccountStore } from './adapters/typeorm/accounts.ts';
import { SqlBillingOutbox } from './adapters/typeorm/billing-outbox.ts';
import { openDatabase } from './adapters/typeorm/data-source.ts';
import { SqlFailedRuns } from './adapters/typeorm/failed-runs.ts';
import { SqlLeftovers } from './adapters/typeorm/leftovers.ts';
import { SqlPriceLists } from './adapters/typeorm/price-lists.ts';
import { SqlPurchases } from './adapters/typeorm/purchases.ts';
import { SqlQueueStore } from './adapters/typeorm/queue-store.ts';
import { RunCredits } from './adapters/typeorm/run-credits.ts';
import { SqlRunStore } from './adapters/typeorm/run-store.ts';
import { SqlRunWaits } from './adapters/typeorm/run-waits.ts';
import { SqlSessionStore } from './adapters/typeorm/sessions.ts';
import { SqlStepCache } from './adapters/typeorm/step-cache.ts';
import { SqlTriggerStore } from './adapters/typeorm/triggers.ts';
import { SqlUsageDays } from './adapters/typeorm/usage-days.ts';
import { SqlUseStore } from './adapters/typeorm/use-store.ts';
import { SqlWallets } from './adapters/typeorm/wallets.ts';
import { openWorkspaceOn } from './adapters/typeorm/workspaces.ts';
import { BillingSender } from './billing/billing-sender.ts';
import type { Config } from './config.ts';
import { LapsedReservations } from './credits/lapsed-reservations.ts';
import { UsageCount } from './credits/usage-count.ts';
import { makeFolders } from './data-folders.ts';
import { databasePlace } from './database-place.ts';
import { DevPackage, type DevReport } from './development/dev-package.ts';
import { Housekeeping } from './housekeeping/housekeeping.ts';
import { createApp, createHealthApp } from './http/app.ts';
import type { AppDeps } from './http/app-deps.ts';
import { addressOf, createHttpServer, listenOn } from './http/http-server.ts';
import { createMetrics, measureCircuits, measureSweeps } from './http/metrics.ts';
import { createLogger } from './http/request-log.ts';
import { killAt } from './kill-points/kill-points.ts';
import {
  executorWithKillPoints,
  ownershipWithKillPoints,
  storeWithKillPoints,
  waitsWithKillPoints,
} from './kill-points/with-kill-points.ts';
import { PersonLimits } from './limits/person-limits.ts';
import { attachLiveEvents } from './live/live-events.ts';
import { ModelManager } from './models/model-manager.ts';
import { needSharedQueue, openQueue } from './open-queue.ts';
import { openRegistry, type PackageFolder } from './packages.ts';
import { Pauses } from './queue/pauses.ts';
import { measureQueue } from './queue/queue-metrics.ts';
import { remembered } from './remembered.ts';
import { WorkspaceChildRuns } from './runs/child-runs.ts';
import { quoteAhead } from './runs/quote-ahead.ts';
import { packageProblems, problemsOf } from './start-problems.ts';
import { FailureWatch } from './triggers/failure-watch.ts';
import { RememberedTriggers } from './triggers/remembered-triggers.ts';
import { Scheduler } from './triggers/scheduler.ts';
import { TriggerGraphs } from './triggers/trigger-graphs.ts';
import { Orphans } from './waits/orphans.ts';
import { Waker } from './waits/waker.ts';
import { lastingFolderFor, removeForgottenWork } from './work-folder.ts';
import { freeMemoryMb } from './worker/machine-memory.ts';
import { Worker } from './worker/worker.ts';
import { measureWorker } from './worker/worker-metrics.ts';
import { WorkerPresence } from './worker/worker-presence.ts';
import { starterWorkflow } from './workflows/starter-workflow.ts';

/** What is installed beside the server. */
export interface Installed {
  packages: readonly PackageFolder[];
  /** The version of Imaginarium. */
  version: string;
  /** The built editor; null when there is none. */
  editorFolder: string | null;
}

export interface ServerOptions {
  /** Whether it executes runs too (the default); without, it leaves them to workers of their own. */
  withWorker?: boolean;
  /** A node package that is being written: loaded last, and anew whenever its files change. */
  develop?: { folder: string; onReport(report: DevReport): void } | undefined;
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

/** A worker that is put together: it executes runs, and answers nobody. */
export interface RunningWorker extends Pick<RunningServer, 'stop' | 'problems'> {
  /** Begins to execute runs. @returns the address at which it answers about its health; null when it does not. @throws system errors of listening. */
  start(): Promise<string | null>;
}

/**
 * Puts a worker together that shares a queue and a database with servers and other workers.
 * @throws {SharedQueueError} {@link DataFolderError} {@link DatabaseOpenError} {@link QueueOpenError} with the remedy.
 */
export async function composeWorker(
  config: Config,
  installed: Pick<Installed, 'packages' | 'version'>,
): Promise<RunningWorker> {
  needSharedQueue(config);
  const { work, registry, close, database, logger, metrics } = await composeCore(config, installed);
  let draining = false;
  const health = createHttpServer(
    createHealthApp({
      ...{ accounts: new SqlAccountStore(database), metrics, logger },
      pingDatabase: () => database.ping(),
      isDraining: () => draining,
    }),
  );
  return {
    async start() {
      const { host, workerPort } = config;
      if (workerPort !== null) await listenOn(health, { host, port: workerPort });
      await work.start();
      return workerPort === null ? null : addressOf(health, host);
    },
    async stop(graceMs) {
      draining = true;
      await work.stop(graceMs);
      health.close();
      health.closeAllConnections();
      await close();
    },
    problems: packageProblems(registry),
  };
}

/** Puts together what a process needs to execute runs, and what an API needs of it. */
async function composeCore(config: Config, { packages, version }: Pick<Installed, 'packages' | 'version'>) {
  const folders = await makeFolders(config);
  const reach = config.killAt && killAt(config.killAt);
  const logger = createLogger(config.logLevel, pino.destination({ dest: 2, sync: false }));
  const database = await openDatabase(databasePlace(config));
  const registry = await openRegistry(packages);
  const media = new MediaPool({
    ...{ packages, cacheFolder: folders.cache, pixelLimit: config.pixelLimit },
    ...{ memoryMb: config.mediaMemoryMb, concurrency: config.mediaConcurrency },
  });
  const runner = new RunnerPool({
    ...{ folder: join(folders.work, 'runner'), concurrency: config.codeConcurrency },
    ...{ timeoutMs: config.codeTimeoutMs, memoryMb: config.codeMemoryMb },
  });
  const confined = new ConfinedPackages({
    ...{ folders: config.confinedPackages, registry, workFolder: folders.work },
    ...{ memoryMb: config.mediaMemoryMb, concurrency: config.mediaConcurrency },
  });
  await confined.load();
  const models = new ModelManager({
    ...{ folder: config.modelsDir, kits: () => registry.models(), workshop: media },
    ...{ proxyUrl: config.modelsProxy, mirrorUrl: config.modelsMirror },
    onError: (err, message) => logger.warn({ err }, message),
  });
  const files = new DiskFileStore({
    root: folders.files,
    inspectPicture: (path, name) => media.inspectPicture(path, name),
    maxBytes: config.uploadLimitBytes,
    ...(reach ? { onWritten: () => reach('output-temp-written') } : {}),
  });
  const leftovers = new SqlLeftovers(database);
  const removeForgotten = async () => {
    await files.removeForgotten();
    await removeForgottenWork(folders.lasting, (ids) => leftovers.unended(ids));
  };
  await removeForgotten();
  const credits = new RunCredits(config.credits);
  const triggers = new RememberedTriggers(new SqlTriggerStore(database));
  const openWorkspace = openWorkspaceOn(database, credits, () => triggers.forget());
  const triggerGraphs = new TriggerGraphs(openWorkspace, registry);
  const sqlRuns = new SqlRunStore(database, credits);
  const runStore = reach ? storeWithKillPoints(sqlRuns, reach) : sqlRuns;
  const metrics = createMetrics();
  const queueStore = new SqlQueueStore(database);
  measureQueue(metrics, queueStore);
  const pauses = new Pauses(queueStore);
  const {
    queue,
    bus,
    close: closeQueue,
  } = await openQueue(config, {
    ...{ store: runStore, log: logger, pauses },
    canExecute: (nodeTypes) => registry.hasAll(nodeTypes),
  }).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const runWaits = reach ? waitsWithKillPoints(new SqlRunWaits(database), reach) : new SqlRunWaits(database);
  const cache = new SqlStepCache(database);
  const quote = quoteAhead({ registry, cache, modelsFolder: config.modelsDir }, (names) => models.measureOnce(names));
  const prices = new SqlPriceLists(database);
  const limits = new PersonLimits(config.limits, new SqlUseStore(database));
  const children = new WorkspaceChildRuns({
    ...{ openWorkspace, catalogue: registry, quoteRun: quote, prices, limits },
    ...{ runStore, runWaits, queue, eventBus: bus },
  });
  const waker = new Waker({ waits: runWaits, queue, log: logger });
  const orphans = new Orphans({ waits: runWaits, children, log: logger });
  const failures = new FailureWatch({
    ...{ openWorkspace, triggerGraphs, catalogue: registry, quoteRun: quote, prices, limits },
    ...{ runStore, queue, log: logger },
    failedRuns: new SqlFailedRuns(database),
  });
  const local = reach ? executorWithKillPoints(new LocalExecutor(registry), reach) : new LocalExecutor(registry);
  const circuits = new Circuits();
  measureCircuits(metrics, circuits);
  const http = new GuardedHttp({ allowed: config.httpAllowed, fileLimitBytes: config.uploadLimitBytes, circuits });
  const budget = new WorkBudget({
    ...{ memoryMb: config.memoryBudgetMb, places: { media: config.mediaConcurrency }, freeMb: freeMemoryMb },
  });
  // Every call of every node asks for them, and hardly any of a light node uses them.
  const filesOf = remembered((workspaceId: string) => {
    const owned = openWorkspace(workspaceId).files;
    return {
      ...{ store: files, workFolder: folders.work },
      owned: reach ? ownershipWithKillPoints(owned, reach) : owned,
      outputFolder: new OutputFolder(join(folders.outputs, workspaceId)),
    };
  });
  const services: RunServices = {
    ...{ registry, store: runStore, bus, clock: systemClock, modelsFolder: config.modelsDir, children },
    ...{ cache, code: runner, http, budget },
    executorFor: (pool) => (pool === 'media' ? media : (confined.executorFor(pool) ?? local)),
    openFiles: ({ workspaceId, runId }, call) =>
      new DiskStepFiles(filesOf(workspaceId), {
        runId,
        lastingFolder: () => lastingFolderFor(folders.lasting, runId, call),
      }),
  };
  const id = `${hostname()}:${process.pid}`;
  const worker = new Worker({
    ...{ id, queue, services, concurrency: config.concurrency, log: logger },
    onSettled: async (record, outcome) => {
      measure(record, outcome);
      const { workspaceId, run } = record;
      const { cover } = outcome;
      if (cover) await openWorkspace(workspaceId).workflows.setCover(run.workflowId, cover);
      if (run.parent) await waker.runEnded(run.id);
    },
  });
  const load = { running: () => worker.running, pools: () => budget.load() };
  const measure = measureWorker(metrics, load);
  const presence = new WorkerPresence({
    ...{ id, version, registry, concurrency: config.concurrency, store: queueStore, log: logger },
    ...load,
  });
  const reservations = new LapsedReservations(
    { expire: () => database.write((t) => credits.expire(t, new Date().toISOString())) },
    logger,
  );
  const outbox = config.billing && new SqlBillingOutbox(database);
  const bills =
    config.billing &&
    outbox &&
    new BillingSender(new StripeBilling(config.billing, config.billing.meter), outbox, logger);
  const usage = new UsageCount(new SqlUsageDays(database), logger);
  const work = {
    async start() {
      await pauses.start();
      await worker.start();
      await presence.start();
      waker.start();
      orphans.start();
      failures.start();
      reservations.start();
      usage.start();
      bills?.start();
    },
    async stop(graceMs: number) {
      pauses.stop();
      await waker.stop();
      await orphans.stop();
      await failures.stop();
      await reservations.stop();
      await usage.stop();
      await bills?.stop();
      await worker.stop(graceMs);
      await presence.stop();
    },
  };
  return {
    ...{ folders, logger, database, registry, media, models, files, openWorkspace, triggers, triggerGraphs },
    ...{ runStore, queue, bus, work },
    ...{ runWaits, quoteRun: quote, prices, limits, outbox },
    ...{ queueStore, pauses, metrics, leftovers, removeForgotten },
    /** Ends everything. Stop the worker first. */
    async close() {
      await models.close();
      media.close();
      confined.close();
      runner.close();
      await http.close();
      await closeQueue();
      await database.close();
      await rm(folders.work, { recursive: true, force: true });
    },
  };
}

/**
 * Puts the server together: the one place where interfaces meet what really stands behind them.
 * @throws {SharedQueueError} {@link DataFolderError} {@link DatabaseOpenError} {@link QueueOpenError} {@link DevFolderError} with the remedy.
 */
export async function composeServer(
  config: Config,
  installed: Installed,
  { withWorker = true, develop }: ServerOptions = {},
): Promise<RunningServer> {
  if (!withWorker) needSharedQueue(config);
  const { editorFolder } = installed;
  const core = await composeCore(config, installed);
  const { folders, logger, database, registry, media, files, openWorkspace, triggers, triggerGraphs } = core;
  const { leftovers, removeForgotten } = core;
  const { runStore, queue, bus, work } = core;
  const accounts = new SqlAccountStore(database);
  const setupCode = newSetupCode(config);
  let draining = false;
  const deps: AppDeps = {
    ...{
      config,
      accounts,
      openWorkspace,
      runStore,
      runWaits: core.runWaits,
      queue,
      eventBus: bus,
      catalogue: registry,
      logger,
      setupCode,
      queueStore: core.queueStore,
      pauses: core.pauses,
      metrics: core.metrics,
    },
    pingDatabase: () => database.ping(),
    sessionStore: new SqlSessionStore(database),
    triggers,
    triggerGraphs,
    sessionSecret: await loadSessionSecret(config.dataDir),
    quoteRun: core.quoteRun,
    prices: core.prices,
    wallets: new SqlWallets(database),
    billing: core.outbox,
    shop: config.billing?.webhookSecret ? new StripeShop(config.billing, config.billing.webhookSecret) : null,
    purchases: new SqlPurchases(database),
    limits: core.limits,
    models: core.models,
    workFolder: folders.work,
    fileStore: () => files,
    thumbnails: new Thumbnails({
      folder: folders.thumbnails,
      pathOf: (id) => files.pathOf(id),
      make: (source, target, size) => media.makeThumbnail(source, target, size),
    }),
    isDraining: () => draining,
    staticFolder: editorFolder,
    onOwnerCreated: async ({ workspace }) => {
      await openWorkspace(workspace.id).workflows.create(starterWorkflow);
    },
  };
  const server = createHttpServer(createApp(deps));
  const live = attachLiveEvents(server, deps);
  const scheduler = new Scheduler(deps);
  const developed =
    develop &&
    new DevPackage({
      ...{ folder: develop.folder, registry },
      onLoaded: (revision, from) => media.addRevision(revision, from),
      onReport: (report) => {
        live.tellNodeTypes();
        develop.onReport(report);
      },
    });
  await developed?.open().catch(async (error: unknown) => {
    await live.close();
    await core.close();
    throw error;
  });
  const housekeeping = new Housekeeping({
    ...{ leftovers, keepRunsDays: config.keepRunsDays, log: logger, onSwept: measureSweeps(core.metrics) },
    files: new UnownedFiles({ root: folders.files, owners: leftovers }),
    removeForgotten,
  });
  return {
    async listen() {
      await listenOn(server, config);
      if (withWorker) await work.start();
      scheduler.start();
      housekeeping.start();
      return addressOf(server, config.host);
    },
    async stop(graceMs) {
      draining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await live.close();
      await developed?.close();
      await scheduler.stop();
      await housekeeping.stop();
      server.closeIdleConnections();
      if (withWorker) await work.stop(graceMs);
      server.closeAllConnections();
      await closed;
      await core.close();
    },
    setupCode: (await accounts.hasOwner()) ? null : setupCode,
    problems: problemsOf(registry, editorFolder),
  };
}
