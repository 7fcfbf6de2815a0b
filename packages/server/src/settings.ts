import { isAbsolute, resolve } from 'node:path';
import { MAX_CREDITS } from '@imaginarium/protocol';
import { z } from 'zod';
import { hostIn } from './adapters/confined/granted-hosts.ts';
import { isAllowable } from './adapters/http/address-rules.ts';
import { CREDIT_MODES } from './credits/credit-policy.ts';
import { ALL_KILL_POINTS } from './kill-points/kill-points.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const QUEUES = ['embedded', 'redis', 'postgres'] as const;
/** `embedded` needs no service and serves one process; the others serve workers on several machines. */
export type QueueKind = (typeof QUEUES)[number];

/** Every setting that the environment may hold, as it is written there; what is left out gets its default. */
export const settingsSchema = z.object({
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
  IMAGINARIUM_DEEP_ZOOM_MB: whole(1, 10_000_000).default(5000),
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
  IMAGINARIUM_ORIGINALS_DAYS: whole(0, 36_500).default(7),
  IMAGINARIUM_ORIGINALS_ARCHIVE: z
    .string()
    .refine(
      (text) => text === 'none' || isFolder(text),
      'expected the absolute path of a folder such as /mnt/archive, or none',
    )
    .optional(),
  IMAGINARIUM_LEGACY_FOLDERS: z
    .string()
    .refine(areFolders, 'expected absolute paths of folders such as /srv/shop/avatars, with commas between')
    .optional(),
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
  IMAGINARIUM_CONFINED_NET: z
    .string()
    .refine(
      (text) => listIn(text).every(isGrant),
      'expected packages with a host each, such as acme-nodes:api.acme.com, with commas between',
    )
    .transform(grantsIn)
    .optional(),
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

/** The settings, each checked by itself. */
export type Settings = z.infer<typeof settingsSchema>;

function whole(min: number, max: number) {
  const message = `expected a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

/** What is separated by commas. */
export function listIn(text = ''): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function areAllowable(text: string): boolean {
  return listIn(text).every(isAllowable);
}

function areFolders(text: string): boolean {
  return listIn(text).every(isFolder);
}

/** The whole disk is no folder of an application, nor of an archive. */
function isFolder(path: string): boolean {
  return isAbsolute(path) && resolve(path) !== resolve('/');
}

/** Reads `type:count` pairs that are separated by commas. */
function hourlyItemsIn(text: string): Record<string, number> {
  if (text === 'none') return {};
  const pairs = text.split(',').map((pair) => pair.trim().split(':') as [string, string]); // The schema has checked both.
  return Object.fromEntries(pairs.map(([type, count]) => [type, Number(count)]));
}

/** Whether something is `package:host`; the host may have a port. */
function isGrant(text: string): boolean {
  const [name, host] = splitGrant(text);
  return /^(@[\w.~-]+\/)?[\w.~-]+$/.test(name) && hostIn(host) !== undefined;
}

/** Reads `package:host` pairs that are separated by commas. */
function grantsIn(text: string): Map<string, string[]> {
  const pairs = listIn(text).map(splitGrant);
  return new Map([...Map.groupBy(pairs, ([name]) => name)].map(([name, own]) => [name, own.map(([, host]) => host)]));
}

function splitGrant(text: string): [name: string, host: string] {
  const at = text.indexOf(':');
  return [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
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

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    ['http:', 'https:'].includes(url.protocol) &&
    `${url.pathname}${url.search}${url.hash}` === '/' &&
    url.username === ''
  );
}
