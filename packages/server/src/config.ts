import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { MAX_CREDITS } from '@imaginarium/protocol';
import { z } from 'zod';
import { isAllowable } from './adapters/http/address-rules.ts';
import type { BillingSettings } from './billing/billing-settings.ts';
import { CREDIT_MODES, type CreditPolicy } from './credits/credit-policy.ts';
import { ALL_KILL_POINTS, type KillAt, type KillPoint } from './kill-points/kill-points.ts';
import type { LimitPolicy } from './limits/person-limits.ts';
import { defaultMemoryBudgetMb } from './worker/machine-memory.ts';

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
  /** Absolute path of the folder of model files. */
  modelsDir: string;
  /** The proxy that models are fetched through, such as `http://proxy:3128`; null for none. */
  modelsProxy: string | null;
  /** Where model files are fetched by their names, in the place of where the catalogue says; null for none. */
  modelsMirror: string | null;
  /** For tests: where the process ends itself; null everywhere else. */
  killAt: KillAt | null;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const QUEUES = ['embedded', 'redis', 'postgres'] as const;
/** `embedded` needs no service and serves one process; the others serve workers on several machines. */
export type QueueKind = (typeof QUEUES)[number];

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
  const problems = [...queueProblems(data), ...creditProblems(data), ...billingProblems(data)];
  if (problems.length > 0) throw new ConfigError(problems);
  const dataDir = resolve(data.IMAGINARIUM_DATA_DIR);
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

/** What is separated by commas. */
function listIn(text = ''): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function areAllowable(text: string): boolean {
  return listIn(text).every(isAllowable);
}

/** Whether an address is reached from this machine only. */
export function isLoopback(host: string): boolean {
  const plain = host
    .replace(/^\[|\]$/g, '')
    .replace(/^::ffff:/i, '')
    .toLowerCase();
  return plain === 'localhost' || plain === '::1' || /^127(\.\d{1,3}){3}$/.test(plain);
}

function whole(min: number, max: number) {
  const message = `expected a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

const settingsSchema = z.object({
  IMAGINARIUM_HOST: z
    .string()
    .regex(/^[\w.:[\]-]+$/, 'expected a host name or address such as 127.0.0.1')
    .default('127.0.0.1'),
  IMAGINARIUM_PORT: whole(0, 65_535).default(4680),
  IMAGINARIUM_DATA_DIR: z.string().default('./data'),
  IMAGINARIUM_DATABASE_URL: z
    .string()
    .refine(isPostgresUrl, 'expected an address such as postgres://user:password@host:5432/name')
    .optional(),
  IMAGINARIUM_QUEUE: z.enum(QUEUES, `expected one of ${QUEUES.join(', ')}`).default('embedded'),
  IMAGINARIUM_REDIS_URL: z
    .string()
    .refine(isRedisUrl, 'expected an address such as redis://:password@host:6379')
    .optional(),
  IMAGINARIUM_PUBLIC_URL: z
    .string()
    .refine(isOrigin, 'expected an origin without a path such as https://images.example.com')
    .optional(),
  IMAGINARIUM_UPLOAD_LIMIT_MB: whole(1, 100_000).default(500),
  IMAGINARIUM_PIXEL_LIMIT_MP: whole(1, 10_000).default(100),
  IMAGINARIUM_CONCURRENCY: whole(1, 1000).default(50),
  IMAGINARIUM_MEDIA_CONCURRENCY: whole(1, 256).optional(),
  IMAGINARIUM_MEDIA_MEMORY_MB: whole(200, 1_000_000).default(2000),
  IMAGINARIUM_MEMORY_BUDGET_MB: whole(100, 10_000_000).optional(),
  IMAGINARIUM_WORKER_PORT: whole(0, 65_535).optional(),
  IMAGINARIUM_CODE_CONCURRENCY: whole(1, 256).optional(),
  IMAGINARIUM_CODE_TIMEOUT_MS: whole(100, 600_000).default(2000),
  IMAGINARIUM_CODE_MEMORY_MB: whole(16, 2000).default(64),
  IMAGINARIUM_HTTP_ALLOW: z
    .string()
    .refine(
      areAllowable,
      'expected names, addresses and ranges such as nas.local, 192.168.1.20 or 10.1.0.0/16, with commas between',
    )
    .optional(),
  IMAGINARIUM_KEEP_RUNS_DAYS: whole(1, 36_500).optional(),
  IMAGINARIUM_CREDITS: z.enum(CREDIT_MODES, `expected one of ${CREDIT_MODES.join(', ')}`).default('unlimited'),
  IMAGINARIUM_START_CREDITS: whole(0, MAX_CREDITS).optional(),
  IMAGINARIUM_BILLING_STRIPE_KEY: z
    .string()
    .regex(/^[sr]k_\w+$/, 'expected a secret key of Stripe, which begins with sk_ or rk_')
    .optional(),
  IMAGINARIUM_BILLING_METER: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'expected the event name of a meter such as imaginarium_credits')
    .optional(),
  IMAGINARIUM_BILLING_STRIPE_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_\S+$/, 'expected the signing secret of an endpoint of Stripe, which begins with whsec_')
    .optional(),
  IMAGINARIUM_BILLING_STRIPE_URL: z
    .string()
    .refine(isOrigin, 'expected an origin without a path such as https://api.stripe.com')
    .optional(),
  IMAGINARIUM_WORKFLOW_LIMIT: whole(0, 1_000_000).default(10),
  IMAGINARIUM_HOURLY_ITEMS: z
    .string()
    .regex(
      /^(none|[\w.-]+:[1-9]\d{0,5}(\s*,\s*[\w.-]+:[1-9]\d{0,5})*)$/,
      'expected node types with a count each, such as upscaler.billboard:5, with commas between, or none',
    )
    .default('upscaler.billboard:5')
    .transform(hourlyItemsIn),
  IMAGINARIUM_LOG_LEVEL: z.enum(LOG_LEVELS, `expected one of ${LOG_LEVELS.join(', ')}`).default('info'),
  IMAGINARIUM_NODE_PACKAGES: z.string().optional(),
  IMAGINARIUM_CONFINED_PACKAGES: z.string().optional(),
  IMAGINARIUM_MODELS_DIR: z.string().optional(),
  IMAGINARIUM_MODELS_PROXY: z
    .string()
    .refine(isWebUrl, 'expected the address of a proxy such as http://proxy.example.com:3128')
    .optional(),
  IMAGINARIUM_MODELS_MIRROR: z
    .string()
    .refine(isWebUrl, 'expected an address such as https://models.example.com/onnx/')
    .optional(),
  IMAGINARIUM_KILL_AT: z
    .string()
    .regex(
      new RegExp(`^(${ALL_KILL_POINTS.join('|')}):[1-9]\\d{0,5}$`),
      `expected one of ${ALL_KILL_POINTS.join(', ')}, a colon and a count`,
    )
    .optional(),
});

/** Reads `type:count` pairs that are separated by commas. */
function hourlyItemsIn(text: string): Record<string, number> {
  if (text === 'none') return {};
  const pairs = text.split(',').map((pair) => pair.trim().split(':') as [string, string]); // The schema has checked both.
  return Object.fromEntries(pairs.map(([type, count]) => [type, Number(count)]));
}

/** A server that people use must not end itself, whatever was left in its environment. */
function readKillAt(text: string | undefined, nodeEnv: string | undefined): KillAt | null {
  if (text === undefined) return null;
  if (nodeEnv !== 'test') throw new ConfigError(['IMAGINARIUM_KILL_AT: it is for tests, and NODE_ENV is not test']);
  const [point, count] = text.split(':');
  return { point: point as KillPoint, count: Number(count) }; // The schema has checked both.
}

function isWebUrl(text: string): boolean {
  return ['http:', 'https:'].includes(URL.parse(text)?.protocol ?? '');
}

function isPostgresUrl(text: string): boolean {
  return ['postgres:', 'postgresql:'].includes(URL.parse(text)?.protocol ?? '');
}

function isRedisUrl(text: string): boolean {
  return ['redis:', 'rediss:'].includes(URL.parse(text)?.protocol ?? '');
}

/** What is wrong with the queue's settings together. */
function queueProblems(data: z.infer<typeof settingsSchema>): string[] {
  const { IMAGINARIUM_QUEUE: queue, IMAGINARIUM_REDIS_URL: redisUrl, IMAGINARIUM_DATABASE_URL: databaseUrl } = data;
  if (queue === 'postgres' && databaseUrl === undefined)
    return ['IMAGINARIUM_QUEUE: postgres keeps the queue in the database, so set IMAGINARIUM_DATABASE_URL too'];
  if (queue !== 'redis') return [];
  if (redisUrl === undefined) return ['IMAGINARIUM_QUEUE: redis needs the address in IMAGINARIUM_REDIS_URL'];
  const { hostname, password } = new URL(redisUrl);
  if (isLoopback(hostname) || password !== '') return [];
  return [
    `IMAGINARIUM_REDIS_URL: the Redis at ${hostname} is reached over a network and has no password; who reaches it could read and change the queue. Set requirepass there, and use redis://:password@${hostname}`,
  ];
}

/** A start grant that nobody would ever get is a mistake, not a wish. */
function creditProblems(data: z.infer<typeof settingsSchema>): string[] {
  if (data.IMAGINARIUM_CREDITS === 'metered' || data.IMAGINARIUM_START_CREDITS === undefined) return [];
  return [
    'IMAGINARIUM_START_CREDITS: credits are not limited here, so a start grant would do nothing. Set IMAGINARIUM_CREDITS=metered too',
  ];
}

function billingOf(data: z.infer<typeof settingsSchema>): BillingSettings | null {
  const key = data.IMAGINARIUM_BILLING_STRIPE_KEY;
  if (key === undefined) return null;
  return {
    ...{ key, url: data.IMAGINARIUM_BILLING_STRIPE_URL ?? 'https://api.stripe.com' },
    meter: data.IMAGINARIUM_BILLING_METER ?? 'imaginarium_credits',
    webhookSecret: data.IMAGINARIUM_BILLING_STRIPE_WEBHOOK_SECRET ?? null,
  };
}

const NEED_STRIPE = [
  'IMAGINARIUM_BILLING_METER',
  'IMAGINARIUM_BILLING_STRIPE_WEBHOOK_SECRET',
  'IMAGINARIUM_BILLING_STRIPE_URL',
] as const;

/** What is wrong with the settings of billing together. */
function billingProblems(data: z.infer<typeof settingsSchema>): string[] {
  if (data.IMAGINARIUM_BILLING_STRIPE_KEY === undefined) {
    const alone = NEED_STRIPE.filter((name) => data[name] !== undefined);
    return alone.map((name) => `${name}: it does nothing alone. Set IMAGINARIUM_BILLING_STRIPE_KEY too`);
  }
  const problems: string[] = [];
  if (data.IMAGINARIUM_BILLING_STRIPE_WEBHOOK_SECRET !== undefined && data.IMAGINARIUM_PUBLIC_URL === undefined)
    problems.push(
      'IMAGINARIUM_BILLING_STRIPE_WEBHOOK_SECRET: buyers come back to a public address. Set IMAGINARIUM_PUBLIC_URL too',
    );
  const { protocol, hostname } = new URL(data.IMAGINARIUM_BILLING_STRIPE_URL ?? 'https://api.stripe.com');
  if (protocol === 'http:' && !isLoopback(hostname))
    problems.push('IMAGINARIUM_BILLING_STRIPE_URL: the key would be readable on the way. Use https');
  return problems;
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    ['http:', 'https:'].includes(url.protocol) &&
    `${url.pathname}${url.search}${url.hash}` === '/' &&
    url.username === ''
  );
}

/** The address of a service may carry a password, and a key is one: they are never repeated. */
function shown(name: string, value: string | undefined): string {
  const isSecret = /_(DATABASE_URL|REDIS_URL|MODELS_PROXY|MODELS_MIRROR|STRIPE_KEY|WEBHOOK_SECRET)$/.test(name);
  return isSecret ? 'something else' : JSON.stringify(value);
}
