import { loadSessionSecret } from './accounts/session-secret.ts';
import { newSetupCode } from './accounts/setup-code.ts';
import { DeepZooms } from './adapters/disk/deep-zooms.ts';
import { DerivedFiles } from './adapters/disk/derived-files.ts';
import { OutputFolder } from './adapters/disk/output-folder.ts';
import { Thumbnails } from './adapters/disk/thumbnails.ts';
import { UnownedFiles } from './adapters/disk/unowned-files.ts';
import { StripeShop } from './adapters/stripe/stripe-shop.ts';
import { SqlAccountStore } from './adapters/typeorm/accounts.ts';
import { SqlAssetTimes } from './adapters/typeorm/assets/asset-times.ts';
import { SqlDueOriginals } from './adapters/typeorm/assets/due-originals.ts';
import { SqlEndedUpscales } from './adapters/typeorm/assets/ended-upscales.ts';
import { SqlWebhookOutbox } from './adapters/typeorm/assets/webhook-outbox.ts';
import { SqlPurchases } from './adapters/typeorm/books/purchases.ts';
import { SqlWallets } from './adapters/typeorm/books/wallets.ts';
import { SqlUnreadCounts } from './adapters/typeorm/notices.ts';
import { SqlSessionStore } from './adapters/typeorm/sessions.ts';
import { OriginalRetention } from './assets/original-retention.ts';
import { UpscaleWatch } from './assets/upscale-watch.ts';
import { composeCore } from './compose-core.ts';
import type { Config } from './config.ts';
import { DevPackage, type DevReport } from './development/dev-package.ts';
import { Housekeeping } from './housekeeping/housekeeping.ts';
import { createApp, createHealthApp } from './http/app.ts';
import type { AppDeps } from './http/app-deps.ts';
import {
  addressOf,
  closeAllLines,
  closeQuietLines,
  createHttpServer,
  listenOn,
  stopListening,
} from './http/http-server.ts';
import { measureSweeps } from './http/metrics.ts';
import type { Installed } from './installed.ts';
import { attachLiveEvents } from './live/live-events.ts';
import { needSharedQueue } from './open-queue.ts';
import { packageProblems, problemsOf } from './start-problems.ts';
import { HookTokens } from './triggers/hook-token.ts';
import { Scheduler } from './triggers/scheduler.ts';
import { WebhookSender } from './webhooks/webhook-sender.ts';
import { starterWorkflow } from './workflows/starter-workflow.ts';

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
  const { runStore, queue, bus, work, clock } = core;
  const accounts = new SqlAccountStore(database);
  const setupCode = newSetupCode(config);
  let draining = false;
  const locate = (id: string) => files.locate(id);
  const thumbnails = new Thumbnails({
    ...{ folder: folders.thumbnails, locate },
    make: (source, target, size) => media.makeThumbnail(source, target, size),
  });
  const deepZooms = new DeepZooms({
    ...{ folder: folders.deepZooms, locate, maxBytes: config.deepZoomBytes },
    cut: (task) => media.cutTiles(task),
  });
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
    clock,
    triggerGraphs,
    sessionSecret: await loadSessionSecret(config.dataDir),
    quoteRun: core.quoteRun,
    prices: core.prices,
    wallets: new SqlWallets(database),
    unread: new SqlUnreadCounts(database),
    assetTimes: new SqlAssetTimes(database),
    billing: core.outbox,
    shop: config.billing?.webhookSecret ? new StripeShop(config.billing, config.billing.webhookSecret) : null,
    purchases: new SqlPurchases(database, core.credits),
    limits: core.limits,
    models: core.models,
    workFolder: folders.work,
    fileStore: () => files,
    ...{ thumbnails, deepZooms },
    legacyFolders: core.legacyFolders,
    isDraining: () => draining,
    staticFolder: editorFolder,
    onOwnerCreated: async ({ workspace }) => {
      await openWorkspace(workspace.id).workflows.create(starterWorkflow);
    },
  };
  const server = createHttpServer(createApp(deps));
  const live = attachLiveEvents(server, deps);
  const scheduler = new Scheduler(deps);
  const upscales = new UpscaleWatch({
    ...{ ended: new SqlEndedUpscales(database, clock.now), runStore, clock, log: logger },
  });
  const tokens = new HookTokens(deps.sessionSecret);
  const webhooks = new WebhookSender({
    ...{ outbox: new SqlWebhookOutbox(database, clock.now), http: core.http, log: logger },
    keyOf: (workspaceId) => tokens.workspaceKey(workspaceId),
  });
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
    originals: new OriginalRetention({
      ...{ due: new SqlDueOriginals(database, clock.now), days: config.originals.days, locate, log: logger },
      archive: config.originals.archive === null ? null : new OutputFolder(config.originals.archive),
    }),
    files: new UnownedFiles({ root: folders.files, owners: leftovers }),
    derived: new DerivedFiles({ folders: [folders.thumbnails, folders.deepZooms], owners: leftovers }),
    removeForgotten,
  });
  return {
    async listen() {
      await listenOn(server, config);
      if (withWorker) await work.start();
      for (const look of [scheduler, upscales, webhooks]) look.start();
      housekeeping.start();
      return addressOf(server, config.host);
    },
    async stop(graceMs) {
      draining = true;
      const closed = stopListening(server);
      await live.close();
      await developed?.close();
      for (const look of [scheduler, upscales, webhooks]) await look.stop();
      await housekeeping.stop();
      await closeQuietLines(server);
      if (withWorker) await work.stop(graceMs);
      await closeAllLines(server);
      await closed;
      await core.close();
    },
    setupCode: (await accounts.hasOwner()) ? null : setupCode,
    problems: problemsOf(registry, editorFolder),
  };
}
