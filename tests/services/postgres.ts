import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from './free-port.ts';

/** A PostgreSQL server of the tests' own. */
export interface PostgresServer {
  /** Connection string of its empty `postgres` database, as its superuser. */
  readonly url: string;
  /** Ends the server as a crash would (`stop -m immediate`), and starts it again on what it had stored. One that has ended by itself is started. */
  crash(): Promise<void>;
  /** Whether it has not ended by itself. */
  isUp(): boolean;
  /** Ends the server and removes its data folder. */
  stop(): Promise<void>;
}

const startTimeoutMs = 20_000;

/** Folder with `initdb` and `postgres` of the newest installed version, or `null` when PostgreSQL is not installed. */
export function findPostgresBinaries(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(':').filter((folder) => folder !== ''),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) ?? null;
}

/**
 * Starts a PostgreSQL server on a free loopback port with a data folder of its own. It gives up durability (`fsync=off`)
 * for speed, which no test can tell. Throws when PostgreSQL is not installed or does not come up within 20 seconds.
 * @param flushes whether it flushes to disk after all, for figures that are to be those of people's servers.
 * @param keepsCommits whether what was committed outlives {@link PostgresServer.crash}, as people's servers keep it.
 * @param within the folder that its own folder is made in.
 */
export async function startPostgres({
  keepsCommits = false,
  flushes = false,
  within = tmpdir(),
} = {}): Promise<PostgresServer> {
  const binaries = findPostgresBinaries();
  if (binaries === null) {
    throw new Error(
      'PostgreSQL: no `initdb` found. Install it: apt-get install postgresql (Debian), brew install postgresql',
    );
  }
  // PostgreSQL refuses to run as root, so root hands the folder and the processes to the package's own user.
  const owner = process.getuid?.() === 0 ? userIds('postgres') : {};
  const folder = mkdtempSync(join(within, 'imaginarium-postgres-'));
  if (owner.uid !== undefined) execFileSync('chown', [`${owner.uid}:${owner.gid}`, folder]);
  const data = join(folder, 'data');
  const options = { ...owner, cwd: folder, stdio: 'pipe' } as const;
  execFileSync(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    options,
  );
  const port = await findFreePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    max_connections: '200',
    fsync: flushes ? 'on' : 'off',
    synchronous_commit: keepsCommits || flushes ? 'on' : 'off',
    full_page_writes: flushes ? 'on' : 'off',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let server: ChildProcess;
  // Nobody may have called stop() when the tests' process leaves early.
  const abandon = () => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  const launch = async () => {
    server = spawn(join(binaries, 'postgres'), ['-D', data, ...flags], {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await ready(server);
  };
  process.once('exit', abandon);
  const stop = async () => {
    process.off('exit', abandon);
    await end(server, 'SIGINT');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await launch();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async crash() {
      await end(server, 'SIGQUIT');
      await launch();
    },
    isUp: () => server.exitCode === null && server.signalCode === null,
    stop,
  };
}

function userIds(name: string): { uid?: number; gid?: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function ready(server: ChildProcess): Promise<void> {
  let log = '';
  const announced = new Promise<void>((resolve, reject) => {
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (log.includes('ready to accept connections')) resolve();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`PostgreSQL ended with code ${code} while starting:\n${log}`)));
  });
  const tooLate = sleep(startTimeoutMs, undefined, { ref: false }).then(() => {
    throw new Error(`PostgreSQL was not ready after ${startTimeoutMs} ms:\n${log}`);
  });
  return Promise.race([announced, tooLate]);
}

/** SIGINT is PostgreSQL's fast shutdown: it closes open connections instead of waiting for them. SIGQUIT tidies nothing up. */
function end(server: ChildProcess, signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    server.once('exit', () => resolve());
    server.kill(signal);
  });
}
