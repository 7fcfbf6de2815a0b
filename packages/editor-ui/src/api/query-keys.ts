import type { ErrorCode, RunState, TransferKind, UpscaleTier, UsageBy } from '@imaginarium/protocol';

/** Narrows the list of runs. */
export interface RunFilter {
  workflowId?: string | undefined;
  state?: RunState | undefined;
  errorCode?: ErrorCode | undefined;
  /** Failed runs only: those that somebody has dealt with, or those that nobody has. */
  dismissed?: 'true' | 'false' | undefined;
  /** ISO 8601 in UTC. */
  createdAfter?: string | undefined;
}

/** Narrows the list of assets. */
export interface AssetFilter {
  /** Words of the name. */
  q?: string | undefined;
  tier?: UpscaleTier | undefined;
  sourceApp?: string | undefined;
}

/** Narrows the ledger. */
export interface TransferFilter {
  kind?: TransferKind | undefined;
  runId?: string | undefined;
  /** From this moment on, ISO 8601 in UTC. */
  from?: string | undefined;
  /** Before this moment, ISO 8601 in UTC. */
  to?: string | undefined;
}

/** Narrows what was used. */
export interface UsageFilter {
  /** The first and last day in UTC, such as 2026-11-21. */
  from?: string | undefined;
  to?: string | undefined;
  workflowId?: string | undefined;
  nodeType?: string | undefined;
  person?: string | undefined;
}

/** The names under which answers are held; a prefix names the whole family. */
export const queryKeys = {
  setup: ['setup'],
  session: ['session'],
  apiKeys: ['api-keys'],
  nodeTypes: ['node-types'],
  workflows: ['workflows'],
  workflow: (id: string) => ['workflow', id],
  activation: (id: string) => ['workflow', id, 'activation'],
  testCalls: (id: string, path: string) => ['workflow', id, 'test-calls', path],
  partQuote: (id: string, asked: object) => ['workflow', id, 'quote', asked],
  versions: (id: string) => ['workflow', id, 'versions'],
  allRuns: ['runs'],
  runs: (filter: RunFilter) => ['runs', filter],
  recentRuns: (count: number) => ['runs', 'recent', count],
  queue: ['queue'],
  models: ['models'],
  allAssets: ['assets'],
  assetLists: ['assets', 'list'],
  assets: (filter: AssetFilter) => ['assets', 'list', filter],
  asset: (id: string) => ['assets', 'one', id],
  assetWebhooks: (id: string) => ['assets', 'one', id, 'webhooks'],
  upscaleQuotes: (id: string) => ['assets', 'one', id, 'quotes'],
  /** Apart from the assets: what is made of one changes no price of others. */
  batchQuotes: (assetIds: readonly string[]) => ['batch-quotes', assetIds],
  deepZoom: (fileId: string) => ['deep-zoom', fileId],
  run: (id: string) => ['run', id],
  /** Below the run: whatever makes that old makes these old. */
  iterations: (id: string, asked: object) => ['run', id, 'iterations', asked],
  iterationSteps: (id: string, iteration: string) => ['run', id, 'iteration', iteration],
  notices: ['notices'],
  noticeList: ['notices', 'list'],
  unread: ['notices', 'unread'],
  waits: ['waits'],
  waitsOf: (runId: string) => ['waits', 'run', runId],
  prices: ['prices'],
  billing: ['billing'],
  wallets: ['credits', 'wallets'],
  credits: ['credits'],
  receipt: (runId: string) => ['credits', 'receipt', runId],
  wallet: ['credits', 'wallet'],
  transfers: (filter: TransferFilter) => ['credits', 'transfers', filter],
  usage: (query: UsageFilter & { by: UsageBy }) => ['credits', 'usage', query],
  questions: ['waits', 'questions'],
} as const;
