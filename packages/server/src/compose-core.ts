import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { systemClock, type WorkerServices } from '@imaginarium/engine';
import type { FileRef } from '@imaginarium/protocol';
import { pino } from 'pino';
import { DiskFileStore } from './adapters/disk/disk-file-store.ts';
import { DiskStepFiles, type DiskStepFilesOptions } from './adapters/disk/disk-step-files.ts';
import { LegacyFolders } from './adapters/disk/legacy-folders.ts';
import { OutputFolder } from './adapters/disk/output-folder.ts';
import { StripeBilling } from './adapters/stripe/stripe-billing.ts';
import { SqlInPlaceRecord } from './adapters/typeorm/assets/files-in-place.ts';
import { SqlBillingOutbox } from './adapters/typeorm/books/billing-outbox.ts';
import { SqlPriceLists } from './adapters/typeorm/books/price-lists.ts';
import { RunCredits } from './adapters/typeorm/books/run-credits.ts';
import { SqlUsageDays } from './adapters/typeorm/books/usage-days.ts';
import { openDatabase } from './adapters/typeorm/database/data-source.ts';
import { SqlLeftovers } from './adapters/typeorm/files/leftovers.ts';
import { SqlFailedRuns } from './adapters/typeorm/runs/failed-runs.ts';
import { leaseClockOf } from './adapters/typeorm/runs/lease-clock.ts';
import { SqlQueueStore } from './adapters/typeorm/runs/queue-store.ts';
import { SqlRunStore } from './adapters/typeorm/runs/run-store.ts';
import { SqlRunWaits } from './adapters/typeorm/runs/run-waits.ts';
import { SqlStepCache } from './adapters/typeorm/runs/step-cache.ts';
import { SqlTriggerStore } from './adapters/typeorm/triggers.ts';
import { SqlUseStore } from './adapters/typeorm/use-store.ts';
import { openWorkspaceOn } from './adapters/typeorm/workspaces.ts';
import { BillingSender } from './billing/billing-sender.ts';
import type { Config } from './config.ts';
import { LapsedReservations } from './credits/lapsed-reservations.ts';
import { UsageCount } from './credits/usage-count.ts';
import { makeFolders } from './data-folders.ts';
import { databasePlace } from './database-place.ts';
import { FollowedClock } from './followed-clock.ts';
import { createMetrics } from './http/metrics.ts';
import { createLogger } from './http/request-log.ts';
import type { Installed } from './installed.ts';
import { killAt } from './kill-points/kill-points.ts';
import { ownershipWithKillPoints, storeWithKillPoints, waitsWithKillPoints } from './kill-points/with-kill-points.ts';
import { PersonLimits } from './limits/person-limits.ts';
import { ModelManager } from './models/model-manager.ts';
import { openExecutors } from './open-executors.ts';
import { openQueue } from './open-queue.ts';
import { openRegistry } from './packages.ts';
import { Pauses } from './queue/pauses.ts';
import { measureQueue } from './queue/queue-metrics.ts';
import { remembered } from './remembered.ts';
import { WorkspaceChildRuns } from './runs/child-runs.ts';
import { quoteAhead } from './runs/quote-ahead.ts';
import { FailureWatch } from './triggers/failure-watch.ts';
import { RememberedTriggers } from './triggers/remembered-triggers.ts';
import { TriggerGraphs } from './triggers/trigger-graphs.ts';
import { Orphans } from './waits/orphans.ts';
import { Waker } from './waits/waker.ts';
import { lastingFolderFor, removeForgottenWork } from './work-folder.ts';
import { Worker } from './worker/worker.ts';
import { measureWorker } from './worker/worker-metrics.ts';
import { WorkerPresence } from './worker/worker-presence.ts';

/** Files are read for a quote too, where there is no run yet. */
const NO_RUN: Pick<DiskStepFilesOptions, 'lastingFolderOf'> = {
  lastingFolderOf() {
    throw new Error('Only a run has a folder that lasts.');
  },
};

/** Puts together what a process needs to execute runs, and what an API needs of it. */
export async function composeCore(config: Config, { packages, version }: Pick<Installed, 'packages' | 'version'>) {
  const folders = await makeFolders(config);
  const reach = config.killAt && killAt(config.killAt);
  const logger = createLogger(config.logLevel, pino.destination({ dest: 2, sync: false }));
  const database = await openDatabase(databasePlace(config));
  // Several machines may share PostgreSQL, whose clocks differ; SQLite belongs to this one.
  const shared =
    database.kind === 'postgres' ? new FollowedClock(() => leaseClockOf(database, Date.now).read()) : undefined;
  await shared?.follow();
  const clock = shared ?? systemClock;
  const registry = await openRegistry(packages);
  const metrics = createMetrics();
  const executors = await openExecutors(config, { packages, registry, folders, metrics, reach });
  const { media, runner, http, budget } = executors;
  const models = new ModelManager({
    ...{ folder: config.modelsDir, kits: () => registry.models(), workshop: media },
    ...{ proxyUrl: config.modelsProxy, mirrorUrl: config.modelsMirror },
    onError: (err, message) => logger.warn({ err }, message),
  });
  const taking = {
    inspectPicture: (path: string, name: string) => media.inspectPicture(path, name),
    maxBytes: config.uploadLimitBytes,
  };
  const legacyFolders = new LegacyFolders({
    ...{ ...taking, folders: config.legacyFolders, record: new SqlInPlaceRecord(database) },
  });
  const files = new DiskFileStore({
    ...{ ...taking, root: folders.files, inPlace: legacyFolders },
    ...(reach ? { onWritten: () => reach('output-temp-written') } : {}),
  });
  const leftovers = new SqlLeftovers(database);
  const removeForgotten = async () => {
    await files.removeForgotten();
    await removeForgottenWork(folders.lasting, (ids) => leftovers.unended(ids));
  };
  await removeForgotten();
  const credits = new RunCredits(config.credits);
  const triggers = new RememberedTriggers(new SqlTriggerStore(database, clock.now));
  // A busy webhook would open its workspace several times for each delivery.
  const openWorkspace = remembered(openWorkspaceOn(database, credits, () => triggers.forget(), clock.now));
  const triggerGraphs = new TriggerGraphs(openWorkspace, registry);
  const sqlRuns = new SqlRunStore(database, credits, clock.now);
  const runStore = reach ? storeWithKillPoints(sqlRuns, reach) : sqlRuns;
  const queueStore = new SqlQueueStore(database);
  measureQueue(metrics, queueStore, clock);
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
  const sqlWaits = new SqlRunWaits(database, clock.now);
  const runWaits = reach ? waitsWithKillPoints(sqlWaits, reach) : sqlWaits;
  const cache = new SqlStepCache(database);
  const readFile = (workspaceId: string, file: FileRef) =>
    new DiskStepFiles({ ...filesOf(workspaceId), ...NO_RUN }, '', '').read(file);
  const quote = quoteAhead({ registry, cache, modelsFolder: config.modelsDir, readFile }, (names) =>
    models.measureOnce(names),
  );
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
    ...{ runStore, queue, logger },
    failedRuns: new SqlFailedRuns(database),
  });
  // Every call of every node asks for them, and hardly any of a light node uses them.
  const filesOf = remembered((workspaceId: string) => {
    const owned = openWorkspace(workspaceId).files;
    return {
      ...{ store: files, workFolder: folders.work },
      owned: reach ? ownershipWithKillPoints(owned, reach) : owned,
      outputFolder: new OutputFolder(join(folders.outputs, workspaceId)),
      lastingFolderOf: (runId: string, call: string) => lastingFolderFor(folders.lasting, runId, call),
    };
  });
  const services: WorkerServices = {
    ...{ registry, store: runStore, bus, clock, modelsFolder: config.modelsDir, children },
    ...{ cache, code: runner, http, budget },
    executorFor: executors.forPool,
    openFiles: ({ workspaceId, runId }, call) => new DiskStepFiles(filesOf(workspaceId), runId, call),
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
  const measure = measureWorker(metrics, { ...load, clock });
  const presence = new WorkerPresence({
    ...{ id, version, registry, concurrency: config.concurrency, store: queueStore, log: logger, clock },
    ...load,
  });
  const reservations = new LapsedReservations(
    { expire: () => database.write((t) => credits.expire(t, new Date(clock.now()).toISOString())) },
    logger,
  );
  const outbox = config.billing && new SqlBillingOutbox(database);
  const bills =
    config.billing &&
    outbox &&
    new BillingSender(new StripeBilling(config.billing, config.billing.meter), outbox, logger);
  const usage = new UsageCount(new SqlUsageDays(database), logger);
  // What is looked for in the database again and again.
  const looks = [waker, orphans, failures, reservations, usage, ...(bills ? [bills] : [])];
  const work = {
    async start() {
      await pauses.start();
      await worker.start();
      await presence.start();
      for (const look of looks) look.start();
    },
    async stop(graceMs: number) {
      pauses.stop();
      for (const look of looks) await look.stop();
      await worker.stop(graceMs);
      await presence.stop();
    },
  };
  return {
    ...{
      credits,
      folders,
      logger,
      database,
      registry,
      media,
      models,
      files,
      legacyFolders,
      openWorkspace,
      triggers,
      triggerGraphs,
    },
    ...{ runStore, queue, bus, work, clock, http },
    ...{ runWaits, quoteRun: quote, prices, limits, outbox },
    ...{ queueStore, pauses, metrics, leftovers, removeForgotten },
    /** Ends everything. Stop the worker first. */
    async close() {
      await models.close();
      await executors.close();
      await closeQueue();
      await shared?.stop();
      await database.close();
      await rm(folders.work, { recursive: true, force: true });
    },
  };
}
