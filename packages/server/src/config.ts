import { availableParallelism } from 'node:os';
import { resolve, sep } from 'node:path';
import type { BillingSettings } from './billing/billing-settings.ts';
import type { CreditPolicy } from './credits/credit-policy.ts';
import type { KillAt, KillPoint } from './kill-points/kill-points.ts';
import type { LimitPolicy } from './limits/person-limits.ts';
import { type LogLevel, listIn, type QueueKind, type Settings, settingsSchema } from './settings.ts';
import { problemsTogether } from './settings-together.ts';
import { defaultMemoryBudgetMb } from './worker/memory-budget.ts';

/** Everything a server is told from outside. Read once, by {@link loadConfig}; all other code receives it. */
export interface Config {
  /** The address listened on. */
  host: string;
  /** The port listened on; 0 takes a free one. */
  port: number;
  /** Absolute path of the folder that holds the database, files and outputs. */
  dataDir: string;
  /** A PostgreSQL address; null for SQLite in the data folder. */
  databaseUrl: string | null;
  /** What brings runs to workers. */
  queue: QueueKind;
  /** A Redis address; null unless runs are queued there. */
  redisUrl: string | null;
  /** The origin people reach the server by when it is not the one it listens on, such as `https://images.example.com`. */
  publicUrl: string | null;
  /** Bytes one uploaded file may have. */
  uploadLimitBytes: number;
  /** Pixels one picture may have. */
  pixelLimit: number;
  /** Bytes that the tiles of large pictures may take. */
  deepZoomBytes: number;
  /** Runs executed at the same time. */
  concurrency: number;
  /** Media processes at work at the same time. */
  mediaConcurrency: number;
  /** Megabytes of memory one media process may use. */
  mediaMemoryMb: number;
  /** Megabytes of memory that heavy steps may use together. */
  memoryBudgetMb: number;
  /** The port at which `imaginarium worker` answers about its health; null for none. 0 takes a free one. */
  workerPort: number | null;
  /** Runner processes at work at the same time. */
  codeConcurrency: number;
  /** Most milliseconds of processor time that the expressions of a step, or one call of a code node, may take. */
  codeTimeoutMs: number;
  /** Most megabytes they may hold. */
  codeMemoryMb: number;
  /** Names, addresses and ranges that workflows may call though they are not public. */
  httpAllowed: string[];
  /** Runs are removed so many days after their end; null keeps them. */
  keepRunsDays: number | null;
  /** How long originals of billboards stay, in days, null for ever; and the folder that they are moved to then, null to remove them. */
  originals: { days: number | null; archive: string | null };
  /** Absolute paths of folders of other applications, whose pictures are read where they lie. */
  legacyFolders: string[];
  /** Whether workspaces can run out of credits, and what each is granted at its start. */
  credits: CreditPolicy;
  /** How what workspaces use is billed, and credits are sold; null when neither is. */
  billing: BillingSettings | null;
  /** What each person may do in a while. */
  limits: LimitPolicy;
  logLevel: LogLevel;
  /** Absolute paths of further folders to look for node packages in. */
  nodePackages: string[];
  /** Absolute paths of folders of node packages that are not trusted: they execute in processes that may do next to nothing. */
  confinedPackages: string[];
  /** The hosts that packages of those folders may call, by the name of the package. */
  confinedNet: ReadonlyMap<string, readonly string[]>;
  /** Absolute path of the folder of model files. */
  modelsDir: string;
  /** The proxy that models are fetched through, such as `http://proxy:3128`; null for none. */
  modelsProxy: string | null;
  /** Where model files are fetched by their names, in the place of where the catalogue says; null for none. */
  modelsMirror: string | null;
  /** For tests: where the process ends itself; null everywhere else. */
  killAt: KillAt | null;
}

/** What the command line may say over the environment. */
export interface ConfigOverrides {
  host?: string | undefined;
  port?: string | number | undefined;
  dataDir?: string | undefined;
}

/** The settings are wrong; the message lists every one of them, one a line. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`These settings are wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Reads the settings.
 * @param env the process's environment; empty values count as absent.
 * @param overrides what the command line says; it wins.
 * @throws {ConfigError} with everything that is wrong.
 */
export function loadConfig(env: Record<string, string | undefined>, overrides: ConfigOverrides = {}): Config {
  const given: Record<string, string | undefined> = {
    ...env,
    ...(overrides.host === undefined ? {} : { IMAGINARIUM_HOST: overrides.host }),
    ...(overrides.port === undefined ? {} : { IMAGINARIUM_PORT: String(overrides.port) }),
    ...(overrides.dataDir === undefined ? {} : { IMAGINARIUM_DATA_DIR: overrides.dataDir }),
  };
  const settings = Object.fromEntries(
    Object.keys(settingsSchema.shape).map((name) => [name, given[name]?.trim() || undefined]),
  );
  const parsed = settingsSchema.safeParse(settings);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => {
        const name = String(issue.path[0]);
        return `${name}: ${issue.message}, received ${shown(name, settings[name])}`;
      }),
    );
  }
  const data = parsed.data;
  const dataDir = resolve(data.IMAGINARIUM_DATA_DIR);
  const problems = [...problemsTogether(data), ...legacyProblems(foldersIn(data.IMAGINARIUM_LEGACY_FOLDERS), dataDir)];
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    host: data.IMAGINARIUM_HOST,
    port: data.IMAGINARIUM_PORT,
    dataDir,
    databaseUrl: data.IMAGINARIUM_DATABASE_URL ?? null,
    queue: data.IMAGINARIUM_QUEUE,
    redisUrl: data.IMAGINARIUM_QUEUE === 'redis' ? (data.IMAGINARIUM_REDIS_URL ?? null) : null,
    publicUrl: data.IMAGINARIUM_PUBLIC_URL ? new URL(data.IMAGINARIUM_PUBLIC_URL).origin : null,
    uploadLimitBytes: data.IMAGINARIUM_UPLOAD_LIMIT_MB * 1_000_000,
    pixelLimit: data.IMAGINARIUM_PIXEL_LIMIT_MP * 1_000_000,
    deepZoomBytes: data.IMAGINARIUM_DEEP_ZOOM_MB * 1_000_000,
    concurrency: data.IMAGINARIUM_CONCURRENCY,
    mediaConcurrency: data.IMAGINARIUM_MEDIA_CONCURRENCY ?? availableParallelism(),
    mediaMemoryMb: data.IMAGINARIUM_MEDIA_MEMORY_MB,
    memoryBudgetMb: data.IMAGINARIUM_MEMORY_BUDGET_MB ?? defaultMemoryBudgetMb(),
    workerPort: data.IMAGINARIUM_WORKER_PORT ?? null,
    codeConcurrency: data.IMAGINARIUM_CODE_CONCURRENCY ?? Math.max(2, availableParallelism()),
    codeTimeoutMs: data.IMAGINARIUM_CODE_TIMEOUT_MS,
    codeMemoryMb: data.IMAGINARIUM_CODE_MEMORY_MB,
    httpAllowed: listIn(data.IMAGINARIUM_HTTP_ALLOW),
    keepRunsDays: data.IMAGINARIUM_KEEP_RUNS_DAYS ?? null,
    originals: {
      days: data.IMAGINARIUM_ORIGINALS_DAYS || null,
      archive: archiveIn(data.IMAGINARIUM_ORIGINALS_ARCHIVE ?? `${dataDir}/archive`),
    },
    legacyFolders: foldersIn(data.IMAGINARIUM_LEGACY_FOLDERS),
    credits: {
      mode: data.IMAGINARIUM_CREDITS,
      startGrant: data.IMAGINARIUM_CREDITS === 'metered' ? (data.IMAGINARIUM_START_CREDITS ?? 1000) : 0,
    },
    billing: billingOf(data),
    limits: {
      workflows: data.IMAGINARIUM_WORKFLOW_LIMIT || null,
      hourlyItems: data.IMAGINARIUM_HOURLY_ITEMS,
    },
    logLevel: data.IMAGINARIUM_LOG_LEVEL,
    nodePackages: foldersIn(data.IMAGINARIUM_NODE_PACKAGES),
    confinedPackages: foldersIn(data.IMAGINARIUM_CONFINED_PACKAGES),
    confinedNet: data.IMAGINARIUM_CONFINED_NET ?? new Map(),
    modelsDir: resolve(data.IMAGINARIUM_MODELS_DIR ?? `${dataDir}/models`),
    modelsProxy: data.IMAGINARIUM_MODELS_PROXY ?? null,
    modelsMirror: data.IMAGINARIUM_MODELS_MIRROR ?? null,
    killAt: readKillAt(data.IMAGINARIUM_KILL_AT, env.NODE_ENV),
  };
}

/** Folders that are separated by commas. */
function foldersIn(text: string | undefined): string[] {
  return listIn(text).map((folder) => resolve(folder));
}

function archiveIn(text: string): string | null {
  return text === 'none' ? null : resolve(text);
}

/** What the server keeps for itself is nobody's picture. */
function legacyProblems(folders: readonly string[], dataDir: string): string[] {
  const isIn = (inner: string, outer: string) => inner === outer || inner.startsWith(outer + sep);
  return folders
    .filter((folder) => isIn(folder, dataDir) || isIn(dataDir, folder))
    .map(
      (folder) =>
        `IMAGINARIUM_LEGACY_FOLDERS: ${folder} and the data folder ${dataDir} lie in one another. Keep them apart`,
    );
}

/** A server that people use must not end itself, whatever was left in its environment. */
function readKillAt(text: string | undefined, nodeEnv: string | undefined): KillAt | null {
  if (text === undefined) return null;
  if (nodeEnv !== 'test') throw new ConfigError(['IMAGINARIUM_KILL_AT: it is for tests, and NODE_ENV is not test']);
  const [point, count] = text.split(':');
  return { point: point as KillPoint, count: Number(count) }; // The schema has checked both.
}

function billingOf(data: Settings): BillingSettings | null {
  const key = data.IMAGINARIUM_BILLING_STRIPE_KEY;
  if (key === undefined) return null;
  return {
    ...{ key, url: data.IMAGINARIUM_BILLING_STRIPE_URL ?? 'https://api.stripe.com' },
    meter: data.IMAGINARIUM_BILLING_METER ?? 'imaginarium_credits',
    webhookSecret: data.IMAGINARIUM_BILLING_STRIPE_WEBHOOK_SECRET ?? null,
  };
}

/** The address of a service may carry a password, and a key is one: they are never repeated. */
function shown(name: string, value: string | undefined): string {
  const isSecret = /_(DATABASE_URL|REDIS_URL|MODELS_PROXY|MODELS_MIRROR|STRIPE_KEY|WEBHOOK_SECRET)$/.test(name);
  return isSecret ? 'something else' : JSON.stringify(value);
}
