import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from './free-port.ts';

/** A Redis server of the tests' own. */
export interface RedisServer {
  /** Its address. */
  readonly url: string;
  /** Kills the server and starts it again at its address, with nothing of what it held. */
  crash(): Promise<void>;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}

const startTimeoutMs = 10_000;

/** Path of the installed `redis-server`, or `null` when Redis is not installed. */
export function findRedisServer(): string | null {
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '');
  const paths = ['/usr/bin', '/usr/local/bin', ...folders].map((folder) => join(folder, 'redis-server'));
  return paths.find((path) => existsSync(path)) ?? null;
}

/**
 * Starts a Redis server on a free loopback port with a folder of its own, which keeps nothing on disk. Throws when Redis is not
 * installed or does not come up within 10 seconds.
 * @param settings of redis.conf, over those; with `port`, one that was stopped comes back where it was, empty.
 */
export async function startRedis(settings: Record<string, string> = {}): Promise<RedisServer> {
  const binary = findRedisServer();
  if (binary === null) throw new Error('Redis: no `redis-server` found. Debian: apt-get install redis-server');
  const folder = mkdtempSync(join(tmpdir(), 'imaginarium-redis-'));
  const port = settings.port ?? String(await findFreePort());
  const all = { bind: '127.0.0.1', port, dir: folder, save: '', appendonly: 'no', ...settings };
  const flags = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
  let server: ChildProcess;
  const launch = async () => {
    server = spawn(binary, flags, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    await ready(server);
  };
  // Nobody may have called stop() when the tests' process leaves early.
  const abandon = () => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', abandon);
  const stop = async () => {
    process.off('exit', abandon);
    await end(server);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await launch();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    async crash() {
      await end(server);
      await launch();
    },
    stop,
  };
}

function ready(server: ChildProcess): Promise<void> {
  let log = '';
  const announced = new Promise<void>((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        log += text;
        if (/ready to accept connections/i.test(log)) resolve();
      });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`Redis ended with code ${code} while starting:\n${log}`)));
  });
  const tooLate = sleep(startTimeoutMs, undefined, { ref: false }).then(() => {
    throw new Error(`Redis was not ready after ${startTimeoutMs} ms:\n${log}`);
  });
  return Promise.race([announced, tooLate]);
}

function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    server.once('exit', () => resolve());
    server.kill('SIGKILL');
  });
}
