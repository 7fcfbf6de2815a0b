import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import {
  MemoryEventBus,
  MemoryFileStore,
  MemoryRunQueue,
  NodeRegistry,
  type RunStore,
  systemClock,
} from '@imaginarium/engine';
import { type Role, type Route, type RouteName, routes } from '@imaginarium/protocol';
import { LegacyFolders } from '../adapters/disk/legacy-folders.ts';
import { SqlAccountStore } from '../adapters/typeorm/accounts.ts';
import { SqlAssetTimes } from '../adapters/typeorm/assets/asset-times.ts';
import { SqlInPlaceRecord } from '../adapters/typeorm/assets/files-in-place.ts';
import { SqlPriceLists } from '../adapters/typeorm/books/price-lists.ts';
import { SqlPurchases } from '../adapters/typeorm/books/purchases.ts';
import { RunCredits } from '../adapters/typeorm/books/run-credits.ts';
import { SqlWallets } from '../adapters/typeorm/books/wallets.ts';
import type { Database } from '../adapters/typeorm/database/database.ts';
import { SqlUnreadCounts } from '../adapters/typeorm/notices.ts';
import { SqlQueueStore } from '../adapters/typeorm/runs/queue-store.ts';
import { SqlRunStore } from '../adapters/typeorm/runs/run-store.ts';
import { SqlRunWaits } from '../adapters/typeorm/runs/run-waits.ts';
import { SqlStepCache } from '../adapters/typeorm/runs/step-cache.ts';
import { SqlSessionStore } from '../adapters/typeorm/sessions.ts';
import { openScratch, type ScratchKind, scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { SqlTriggerStore } from '../adapters/typeorm/triggers.ts';
import { SqlUseStore } from '../adapters/typeorm/use-store.ts';
import { openWorkspaceOn } from '../adapters/typeorm/workspaces.ts';
import type { CreditPolicy } from '../credits/credit-policy.ts';
import { createApp } from '../http/app.ts';
import type { AppDeps } from '../http/app-deps.ts';
import { createMetrics } from '../http/metrics.ts';
import { createLogger } from '../http/request-log.ts';
import { type LimitPolicy, PersonLimits } from '../limits/person-limits.ts';
import { Pauses } from '../queue/pauses.ts';
import { quoteAhead } from '../runs/quote-ahead.ts';
import { RememberedTriggers } from '../triggers/remembered-triggers.ts';
import { TriggerGraphs } from '../triggers/trigger-graphs.ts';
import { addPerson } from './add-person.ts';
import { type Answer, send } from './send.ts';
import { testModels } from './test-models.ts';
import { testNodes } from './test-nodes.ts';
import { testTriggers } from './test-triggers.ts';
import { testUpscaler } from './test-upscaler.ts';

export const OWNER = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };

/** An app under test, over a real database. */
export interface TestApp {
  app: RequestListener;
  deps: AppDeps;
  database: Database;
  runStore: RunStore;
  eventBus: MemoryEventBus;
  /** What was logged, a line of JSON each. */
  logLines: string[];
}

/** What is different about an app under test. */
export type AppChanges = Partial<Omit<AppDeps, 'config' | 'limits'>> & {
  config?: Partial<AppDeps['config']>;
  /** Nobody is limited where nothing is said. */
  limits?: Partial<LimitPolicy>;
};

const open: (() => Promise<void>)[] = [];

/** Closes what {@link testApp} opened and removes its databases: for `afterEach`. */
export async function closeTestApps(): Promise<void> {
  for (const close of open.splice(0)) await close();
}

/**
 * An app over a database of its own, its files and queue in memory.
 * @param changes what is different; computed from the rest where it needs it.
 */
export async function testApp({ config, limits, ...changes }: AppChanges = {}, kind?: ScratchKind): Promise<TestApp> {
  const [sqlite] = scratchKinds(null);
  const { database, remove } = await openScratch(kind ?? (sqlite as ScratchKind));
  open.push(remove);
  const registry = new NodeRegistry();
  registry.add({ name: '@test/nodes', version: '1.0.0' }, [...testNodes, ...testTriggers, ...testUpscaler]);
  const credits: CreditPolicy = config?.credits ?? { mode: 'unlimited', startGrant: 0 };
  const runCredits = new RunCredits(credits);
  const runStore = new SqlRunStore(database, runCredits);
  const triggers = new RememberedTriggers(new SqlTriggerStore(database));
  const openWorkspace = openWorkspaceOn(database, runCredits, () => triggers.forget());
  const queueStore = new SqlQueueStore(database);
  const eventBus = new MemoryEventBus();
  const files = new MemoryFileStore();
  const logLines: string[] = [];
  const deps: AppDeps = {
    config: { publicUrl: null, uploadLimitBytes: 1_000_000, ...config, credits },
    setupCode: null,
    pingDatabase: () => database.ping(),
    accounts: new SqlAccountStore(database),
    sessionStore: new SqlSessionStore(database),
    sessionSecret: 'a secret of thirty-two characters',
    openWorkspace,
    runStore,
    runWaits: new SqlRunWaits(database),
    triggers,
    clock: systemClock,
    triggerGraphs: new TriggerGraphs(openWorkspace, registry),
    queue: new MemoryRunQueue(),
    queueStore,
    pauses: new Pauses(queueStore),
    eventBus,
    catalogue: registry,
    quoteRun: quoteAhead({ registry, cache: new SqlStepCache(database), modelsFolder: '/nonexistent' }),
    prices: new SqlPriceLists(database),
    wallets: new SqlWallets(database),
    unread: new SqlUnreadCounts(database),
    assetTimes: new SqlAssetTimes(database),
    billing: null,
    shop: null,
    purchases: new SqlPurchases(database, runCredits),
    limits: new PersonLimits({ workflows: null, hourlyItems: {}, ...limits }, new SqlUseStore(database)),
    models: testModels(),
    workFolder: tmpdir(),
    fileStore: () => files,
    deepZooms: { get: async () => ({ state: 'making', share: 0 }), tilePath: () => '/nonexistent' },
    legacyFolders: new LegacyFolders({
      ...{ folders: [], record: new SqlInPlaceRecord(database), maxBytes: 1_000_000 },
      inspectPicture: async () => ({ width: 1, height: 1 }),
    }),
    thumbnails: { get: async () => ({ path: new URL(import.meta.url).pathname }) },
    logger: createLogger('debug', { write: (line) => logLines.push(line) }),
    metrics: createMetrics(),
    isDraining: () => false,
    staticFolder: null,
    onOwnerCreated: async () => undefined,
    ...changes,
  };
  return { app: createApp(deps), deps, database, runStore, eventBus, logLines };
}

/** Calls routes by name, and checks that every good answer is what the route's schema says, and no more. */
export type Caller = (name: RouteName, input?: CallInput) => Promise<Answer>;

export interface CallInput {
  params?: Record<string, string | number>;
  query?: Record<string, string | number>;
  /** JSON, or a buffer of bytes. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** A caller that sends these headers. */
export function callerOf(app: RequestListener, common: Record<string, string> = {}): Caller {
  return async (name, { params = {}, query = {}, body, headers = {} } = {}) => {
    const route: Route = routes[name];
    const path = route.path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(params[key] ?? `:${key}`));
    const pairs = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
    const bytes = Buffer.isBuffer(body);
    const answer = await send(app, {
      method: route.method.toUpperCase(),
      path: `/api/v1${path}?${pairs}`,
      headers: {
        ...(body === undefined ? {} : { 'content-type': bytes ? 'application/octet-stream' : 'application/json' }),
        ...common,
        ...headers,
      },
      ...(body === undefined ? {} : { body: bytes ? body : JSON.stringify(body) }),
    });
    if (answer.ok && answer.status !== 304 && route.response && route.response !== 'bytes')
      route.response.parse(answer.body);
    return answer;
  };
}

/** Sets the server up, and answers with its owner's caller and cookie. */
export async function setUpOwner({ app }: Pick<TestApp, 'app'>): Promise<{ call: Caller; cookie: string }> {
  const answer = await callerOf(app)('setUp', { body: OWNER });
  if (!answer.ok) throw new Error(answer.text);
  const cookie = cookieOf(answer);
  return { call: callerOf(app, { cookie }), cookie };
}

/** The session cookie of an answer, as a browser would send it back. */
export function cookieOf({ headers }: Answer): string {
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

/** A person of another workspace, who calls by an API key. */
export async function strangerOf(
  { app, database }: Pick<TestApp, 'app' | 'database'>,
  role: Role = 'owner',
): Promise<{ call: Caller; key: string }> {
  const key = await addPerson(database, role);
  return { call: callerOf(app, { authorization: `Bearer ${key}` }), key };
}
