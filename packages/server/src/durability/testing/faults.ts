import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { ServerProcess } from './server-process.ts';
import type { Stage } from './stage.ts';

/** Something that goes wrong around servers at work. */
export interface Fault {
  name: string;
  /** Resolves when it is over, with every service back. */
  strike(stage: Stage, server: ServerProcess): Promise<void>;
}

/** Longer than the 5 s that a lease lasts. */
const PAST_THE_LEASE_MS = 6000;
/** Longer than an answer waits for the queue. */
const PAUSE_MS = 3000;

const quiet: Fault = { name: 'nothing', strike: async () => undefined };

const asleep: Fault = {
  name: 'the server stands still',
  async strike(_stage, { child }) {
    child.kill('SIGSTOP');
    await wait(PAST_THE_LEASE_MS);
    child.kill('SIGCONT');
  },
};

const cut: Fault = { name: 'connections to PostgreSQL are cut', strike: (stage) => stage.cutConnections() };

const postgresCrash: Fault = {
  name: 'PostgreSQL stops at once and comes back',
  async strike({ postgres, database }) {
    await postgres?.crash();
    // Our own connections were cut with the others.
    while (!(await isAwake(database))) await wait(50);
  },
};

const redisCrash: Fault = {
  name: 'Redis is killed and comes back empty',
  async strike({ redis }) {
    await redis?.crash();
  },
};

const flush: Fault = { name: 'Redis forgets all', strike: (stage) => tellRedis(stage, 'FLUSHALL') };

const pause: Fault = {
  name: 'Redis answers nobody',
  async strike(stage) {
    await tellRedis(stage, 'CLIENT', 'PAUSE', String(PAUSE_MS), 'ALL');
    await wait(PAUSE_MS);
  },
};

/** What may go wrong on a stage, beside the death of its servers. Each stands as often as it should come. */
export function faultsOn({ database, redis, postgres }: Stage): readonly Fault[] {
  return [
    ...[quiet, quiet, asleep],
    ...(database.kind === 'postgres' ? [cut] : []),
    ...(postgres ? [postgresCrash] : []),
    ...(redis ? [redisCrash, flush, pause] : []),
  ];
}

async function tellRedis({ redis }: Stage, command: string, ...rest: string[]): Promise<void> {
  if (!redis) return;
  const line = new Redis(redis.url);
  await line.call(command, ...rest);
  line.disconnect();
}

function isAwake(database: Stage['database']): Promise<boolean> {
  return database.ping().then(
    () => true,
    () => false,
  );
}
