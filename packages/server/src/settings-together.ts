import { isLoopback } from './loopback.ts';
import type { Settings } from './settings.ts';

/** What is wrong with settings that are right each by itself, in sentences. */
export function problemsTogether(settings: Settings): string[] {
  return [...queueProblems(settings), ...creditProblems(settings), ...billingProblems(settings)];
}

/** What is wrong with the queue's settings together. */
function queueProblems(data: Settings): string[] {
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
function creditProblems(data: Settings): string[] {
  if (data.IMAGINARIUM_CREDITS === 'metered' || data.IMAGINARIUM_START_CREDITS === undefined) return [];
  return [
    'IMAGINARIUM_START_CREDITS: credits are not limited here, so a start grant would do nothing. Set IMAGINARIUM_CREDITS=metered too',
  ];
}

const NEED_STRIPE = [
  'IMAGINARIUM_BILLING_METER',
  'IMAGINARIUM_BILLING_STRIPE_WEBHOOK_SECRET',
  'IMAGINARIUM_BILLING_STRIPE_URL',
] as const;

/** What is wrong with the settings of billing together. */
function billingProblems(data: Settings): string[] {
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
