import type { Clock, EventBus, FileStore, QuoteBasis, RunQueue, RunStore, RunWaits } from '@imaginarium/engine';
import type {
  DeepZoom,
  FileRef,
  Graph,
  GraphNode,
  JsonObject,
  NodeCatalogue,
  NodeDescription,
  NodePackage,
  Quote,
} from '@imaginarium/protocol';
import type { Store } from 'express-session';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { AccountStore, Principal } from '../accounts/account-store.ts';
import type { LegacyFolders } from '../adapters/disk/legacy-folders.ts';
import type { AssetTimes } from '../assets/asset-list.ts';
import type { Purchases } from '../billing/apply-sale.ts';
import type { CreditShop } from '../billing/billing.ts';
import type { BillingOutbox } from '../billing/outbox.ts';
import type { Config } from '../config.ts';
import type { Wallets } from '../credits/ledger.ts';
import type { PriceLists } from '../credits/price-lists.ts';
import type { PersonLimits } from '../limits/person-limits.ts';
import type { ModelManager } from '../models/model-manager.ts';
import type { UnreadCounts } from '../notices/notice-list.ts';
import type { Pauses } from '../queue/pauses.ts';
import type { QueueStore } from '../queue/queue-store.ts';
import type { QuotePlace } from '../runs/quote-ahead.ts';
import type { TriggerGraphs } from '../triggers/trigger-graphs.ts';
import type { TriggerStore } from '../triggers/trigger-store.ts';
import type { OpenWorkspace } from '../workspace-stores.ts';

/** The node types that are installed. */
export interface NodeTypes extends NodeCatalogue {
  list(): NodeDescription[];
  packages(): NodePackage[];
  /** The params of a node as the newest version of its type takes them. @throws {UpgradeRefusedError} */
  upgrade(node: Pick<GraphNode, 'type' | 'version' | 'params'>): { version: number; params: JsonObject };
}

/** Small pictures of pictures. */
export interface Thumbnails {
  /** A WebP of at most `size` pixels wide and high. @throws {FileRefusedError} when the picture cannot be read. */
  get(file: FileRef, size: 160 | 480 | 1600): Promise<{ path: string }>;
}

/** Pictures cut into tiles. */
export interface DeepZooms {
  /** The tiles of a picture, or how far they are; the first call has them cut. @throws why they could not be. */
  get(file: FileRef): Promise<DeepZoom>;
  /** Where a tile lies, if there is one of that name. */
  tilePath(id: string, level: number, tile: string): string;
}

/** Everything the HTTP side of the server needs; `compose.ts` chooses what it really is. */
export interface AppDeps {
  config: Pick<Config, 'publicUrl' | 'uploadLimitBytes' | 'credits'>;
  /** Asked for by first-run set-up; null when only this machine reaches the server. */
  setupCode: string | null;
  accounts: AccountStore;
  /** Resolves when the database answers. @throws {Error} when it does not. */
  pingDatabase(): Promise<void>;
  sessionStore: Store;
  sessionSecret: string;
  openWorkspace: OpenWorkspace;
  runStore: RunStore;
  runWaits: RunWaits;
  triggers: TriggerStore;
  /** The time that schedules go by: one for all machines that share a database. */
  clock: Clock;
  /** The graphs that triggers start. */
  triggerGraphs: TriggerGraphs;
  queue: RunQueue;
  queueStore: QueueStore;
  /** Told when a pause is made or ended here. */
  pauses: Pick<Pauses, 'refresh'>;
  eventBus: EventBus;
  catalogue: NodeTypes;
  /** The engine's quote. @param place left out, nothing is looked up: all steps are quoted as executed. */
  quoteRun(graph: Graph, inputs: JsonObject, basis: QuoteBasis, place?: QuotePlace): Quote | Promise<Quote>;
  prices: PriceLists;
  wallets: Wallets;
  /** What people have not read, for those who listen. */
  unread: UnreadCounts;
  assetTimes: AssetTimes;
  /** What has to be billed; null when nothing is. */
  billing: BillingOutbox | null;
  /** Sells credits; null when none are sold. */
  shop: CreditShop | null;
  purchases: Purchases;
  limits: PersonLimits;
  /** The files of a workspace. */
  fileStore(workspaceId: string): FileStore;
  /** Registers pictures where they lie. */
  legacyFolders: Pick<LegacyFolders, 'register'>;
  thumbnails: Thumbnails;
  deepZooms: DeepZooms;
  models: Pick<
    ModelManager,
    'list' | 'pull' | 'cancelPull' | 'verify' | 'measure' | 'remove' | 'importFile' | 'measureOnce'
  >;
  /** For files on their way somewhere else. */
  workFolder: string;
  logger: Logger;
  metrics: Registry;
  /** Whether the server is going away: it then takes no uploads and is not ready. */
  isDraining(): boolean;
  /** The folder of the built editor; null when it is not built. */
  staticFolder: string | null;
  /** Called once, after the owner was made and before they are answered. */
  onOwnerCreated(owner: Principal): Promise<void>;
}
