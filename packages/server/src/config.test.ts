import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';
import { isLoopback } from './loopback.ts';

test('needs no setting at all', () => {
  expect(loadConfig({})).toEqual({
    host: '127.0.0.1',
    port: 4680,
    dataDir: resolve('data'),
    databaseUrl: null,
    queue: 'embedded',
    redisUrl: null,
    publicUrl: null,
    uploadLimitBytes: 500_000_000,
    pixelLimit: 100_000_000,
    deepZoomBytes: 5_000_000_000,
    concurrency: 50,
    credits: { mode: 'unlimited', startGrant: 0 },
    billing: null,
    limits: { workflows: 10, hourlyItems: { 'upscaler.billboard': 5 } },
    logLevel: 'info',
    mediaConcurrency: availableParallelism(),
    mediaMemoryMb: 2000,
    memoryBudgetMb: expect.any(Number),
    workerPort: null,
    codeConcurrency: Math.max(2, availableParallelism()),
    codeTimeoutMs: 2000,
    codeMemoryMb: 64,
    httpAllowed: [],
    keepRunsDays: null,
    legacyFolders: [],
    originals: { days: 7, archive: resolve('data/archive') },
    nodePackages: [],
    confinedPackages: [],
    confinedNet: new Map(),
    modelsDir: resolve('data/models'),
    modelsProxy: null,
    modelsMirror: null,
    killAt: null,
  });
});

test('ends the process at a named point in tests, and nowhere else', () => {
  const IMAGINARIUM_KILL_AT = 'checkpoint-after:2';
  const killAt = { point: 'checkpoint-after', count: 2 };
  expect(loadConfig({ IMAGINARIUM_KILL_AT, NODE_ENV: 'test' })).toMatchObject({ killAt });
  expect(() => loadConfig({ IMAGINARIUM_KILL_AT, NODE_ENV: 'production' })).toThrow(/it is for tests/);
  expect(() => loadConfig({ IMAGINARIUM_KILL_AT: 'checkpoint', NODE_ENV: 'test' })).toThrow(/expected one of/);
});

test('lists everything that is wrong at once, without repeating a password', () => {
  const env = {
    IMAGINARIUM_PORT: '70000',
    IMAGINARIUM_LOG_LEVEL: 'loud',
    IMAGINARIUM_PUBLIC_URL: 'https://images.example.com/app',
    IMAGINARIUM_DATABASE_URL: 'mysql://root:secret@host/db',
  };
  const failure = (() => {
    try {
      return loadConfig(env);
    } catch (error) {
      return error;
    }
  })();
  expect(failure).toBeInstanceOf(ConfigError);
  expect((failure as ConfigError).problems).toEqual([
    'IMAGINARIUM_PORT: expected a whole number from 0 to 65535, received "70000"',
    'IMAGINARIUM_DATABASE_URL: expected an address such as postgres://user:password@host:5432/name, received something else',
    'IMAGINARIUM_PUBLIC_URL: expected an origin without a path such as https://images.example.com, received "https://images.example.com/app"',
    'IMAGINARIUM_LOG_LEVEL: expected one of fatal, error, warn, info, debug, trace, silent, received "loud"',
  ]);
});

test('takes a queue with all that it needs, and a Redis on a network only with a password', () => {
  const wrong = (env: Record<string, string>) => {
    try {
      return loadConfig(env);
    } catch (error) {
      return (error as ConfigError).problems;
    }
  };
  const redis = (url: string) => wrong({ IMAGINARIUM_QUEUE: 'redis', IMAGINARIUM_REDIS_URL: url });
  expect(redis('redis://127.0.0.1:6400')).toMatchObject({ queue: 'redis', redisUrl: 'redis://127.0.0.1:6400' });
  expect(redis('rediss://:secret@redis.example.com')).toMatchObject({ queue: 'redis' });
  expect(redis('redis://redis.example.com:6379')).toEqual([
    'IMAGINARIUM_REDIS_URL: the Redis at redis.example.com is reached over a network and has no password; who reaches it could read and change the queue. Set requirepass there, and use redis://:password@redis.example.com',
  ]);
  expect(redis('http://:secret@host')).toEqual([
    'IMAGINARIUM_REDIS_URL: expected an address such as redis://:password@host:6379, received something else',
  ]);
  expect(wrong({ IMAGINARIUM_QUEUE: 'redis' })).toEqual([
    'IMAGINARIUM_QUEUE: redis needs the address in IMAGINARIUM_REDIS_URL',
  ]);
  expect(wrong({ IMAGINARIUM_QUEUE: 'postgres' })).toEqual([
    'IMAGINARIUM_QUEUE: postgres keeps the queue in the database, so set IMAGINARIUM_DATABASE_URL too',
  ]);
  expect(wrong({ IMAGINARIUM_QUEUE: 'postgres', IMAGINARIUM_DATABASE_URL: 'postgres://a@b/c' })).toMatchObject({
    queue: 'postgres',
    redisUrl: null,
  });
  expect(wrong({ IMAGINARIUM_QUEUE: 'kafka' })).toEqual([
    'IMAGINARIUM_QUEUE: expected one of embedded, redis, postgres, received "kafka"',
  ]);
});

test('lets the command line win over the environment, and takes empty values as absent', () => {
  const config = loadConfig({ IMAGINARIUM_PORT: '1', IMAGINARIUM_HOST: ' ' }, { port: 5000, dataDir: '/srv/images' });
  expect([config.host, config.port, config.dataDir, config.modelsDir]).toEqual([
    '127.0.0.1',
    5000,
    '/srv/images',
    '/srv/images/models',
  ]);
});

test('knows which addresses only this machine reaches', () => {
  const loopback = ['127.0.0.1', '127.8.8.8', '::1', '[::1]', 'localhost', '::ffff:127.0.0.1'];
  const open = ['0.0.0.0', '::', '10.0.0.1', 'example.com', '127.0.0.1.example.com', 'localhost.example.com'];
  expect(loopback.filter(isLoopback)).toEqual(loopback);
  expect(open.filter(isLoopback)).toEqual([]);
});

test('meters credits where it is asked to, with a start grant, and refuses a grant that would do nothing', () => {
  expect(loadConfig({ IMAGINARIUM_CREDITS: 'metered' }).credits).toEqual({ mode: 'metered', startGrant: 1000 });
  expect(loadConfig({ IMAGINARIUM_CREDITS: 'metered', IMAGINARIUM_START_CREDITS: '0' }).credits.startGrant).toBe(0);
  expect(() => loadConfig({ IMAGINARIUM_START_CREDITS: '5' })).toThrow(/Set IMAGINARIUM_CREDITS=metered too/);
  expect(() => loadConfig({ IMAGINARIUM_CREDITS: 'free' })).toThrow(/expected one of unlimited, metered/);
});

test('bills and sells by Stripe where it is given a key, and says which settings do nothing alone', () => {
  const key = 'sk_test_secret1';
  expect(loadConfig({ IMAGINARIUM_BILLING_STRIPE_KEY: key }).billing).toEqual({
    ...{ key, url: 'https://api.stripe.com', meter: 'imaginarium_credits', webhookSecret: null },
  });
  const selling = {
    IMAGINARIUM_BILLING_STRIPE_KEY: key,
    IMAGINARIUM_BILLING_STRIPE_WEBHOOK_SECRET: 'whsec_1',
    IMAGINARIUM_BILLING_METER: 'credits',
  };
  expect(() => loadConfig(selling)).toThrow(/Set IMAGINARIUM_PUBLIC_URL too/);
  const sold = loadConfig({ ...selling, IMAGINARIUM_PUBLIC_URL: 'https://images.example.com' }).billing;
  expect(sold).toMatchObject({ meter: 'credits', webhookSecret: 'whsec_1' });
  expect(() => loadConfig({ IMAGINARIUM_BILLING_METER: 'credits' })).toThrow(/it does nothing alone/);
  const url = (address: string) =>
    loadConfig({ IMAGINARIUM_BILLING_STRIPE_KEY: key, IMAGINARIUM_BILLING_STRIPE_URL: address }).billing?.url;
  expect(url('http://127.0.0.1:12111')).toBe('http://127.0.0.1:12111');
  expect(() => url('http://stripe.example.com')).toThrow(/Use https/);
});

test('never repeats a key that is wrong', () => {
  for (const name of ['IMAGINARIUM_BILLING_STRIPE_KEY', 'IMAGINARIUM_BILLING_STRIPE_WEBHOOK_SECRET'])
    try {
      loadConfig({ [name]: 'pk_live_mine' });
      throw new Error('it was taken');
    } catch (error) {
      expect((error as Error).message).toContain(name);
      expect((error as Error).message).not.toContain('pk_live_mine');
    }
});

test('reads limits of what each person may do, and turns them off', () => {
  const limits = (workflows: string, items: string) =>
    loadConfig({ IMAGINARIUM_WORKFLOW_LIMIT: workflows, IMAGINARIUM_HOURLY_ITEMS: items }).limits;
  expect(limits('0', 'none')).toEqual({ workflows: null, hourlyItems: {} });
  expect(limits('3', 'upscaler.billboard:2, acme.huge:40')).toEqual({
    workflows: 3,
    hourlyItems: { 'upscaler.billboard': 2, 'acme.huge': 40 },
  });
  for (const wrong of ['upscaler.billboard', 'upscaler.billboard:0', 'a:1,', ':5', 'none,a:1'])
    expect(() => limits('0', wrong)).toThrow(/IMAGINARIUM_HOURLY_ITEMS: expected node types with a count each/);
  expect(() => limits('-1', 'none')).toThrow(/IMAGINARIUM_WORKFLOW_LIMIT: expected a whole number from 0/);
});

test('takes folders of other applications, each apart from the data folder', () => {
  const of = (folders: string) =>
    loadConfig({ IMAGINARIUM_DATA_DIR: '/srv/images', IMAGINARIUM_LEGACY_FOLDERS: folders }).legacyFolders;
  expect(of('/srv/shop/avatars, /srv/images-of-forum/')).toEqual(['/srv/shop/avatars', '/srv/images-of-forum']);
  for (const folders of ['avatars', '/', '/srv/..'])
    expect(() => of(folders)).toThrow(/expected absolute paths of folders/);
  for (const folders of ['/srv', '/srv/images', '/srv/images/files'])
    expect(() => of(folders)).toThrow(/and the data folder \/srv\/images lie in one another/);
});

test('moves originals of billboards to an archive after a week, elsewhere or never, or removes them', () => {
  const of = (days: string, archive?: string) =>
    loadConfig({ IMAGINARIUM_ORIGINALS_DAYS: days, IMAGINARIUM_ORIGINALS_ARCHIVE: archive }).originals;
  expect(of('30', '/mnt/archive/')).toEqual({ days: 30, archive: '/mnt/archive' });
  expect(of('1', 'none')).toEqual({ days: 1, archive: null });
  expect(of('0').days).toBeNull();
  expect(of('7', '/mnt/walls, large').archive).toBe('/mnt/walls, large');
  for (const folder of ['archive', '/', ','])
    expect(() => of('7', folder)).toThrow(/expected the absolute path of a folder/);
});
