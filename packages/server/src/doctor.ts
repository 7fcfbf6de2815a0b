import { constants } from 'node:fs';
import { access, readdir, stat, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { NodePackage } from '@imaginarium/protocol';
import { checkRedis } from './adapters/bullmq/check-redis.ts';
import { hostIn } from './adapters/confined/granted-hosts.ts';
import type { Config } from './config.ts';
import { dueForRemoval } from './housekeeping/due-for-removal.ts';
import type { Installed } from './installed.ts';
import { listPackages } from './list-packages.ts';
import { makeFolder } from './make-folder.ts';
import { openBooksAsTheyAre } from './open-books.ts';
import type { PackageFolder } from './packages.ts';

/** One thing that was looked at. `note` works, but a person may want to know. */
export interface Finding {
  name: string;
  state: 'good' | 'note' | 'bad';
  message: string;
  /** What to do about it. */
  remedy?: string;
  /** What the message says, for programs. */
  figures?: Record<string, number>;
}

const OLDEST_NODE = 24;
const LITTLE_DISK_BYTES = 2e9;

/** Looks at everything the server needs of this machine, and gives what it found one by one. Changes nothing but making the data folder. */
export async function* examine(
  config: Config,
  { packages, editorFolder }: Pick<Installed, 'packages' | 'editorFolder'>,
): AsyncGenerator<Finding> {
  yield nodeVersion();
  for (const name of ['better-sqlite3', '@node-rs/argon2', 'sharp']) yield nativeModule(name, import.meta.filename);
  for (const { folder } of packages.filter((entry) => entry.folder.includes('upscaler')))
    yield nativeModule('onnxruntime-node', join(folder, 'package.json'));
  yield await dataFolder(config.dataDir);
  yield await diskSpace(config.dataDir);
  yield await books(config);
  yield await leftovers(config);
  if (config.redisUrl !== null) yield await redisReached(config.redisUrl);
  yield await portFree(config.host, config.port);
  yield* await loadedPackages(config, packages);
  yield await models(config.modelsDir);
  for (const folder of config.legacyFolders) yield await legacyFolder(folder);
  yield editorFolder
    ? { name: 'editor', state: 'good', message: 'built' }
    : {
        name: 'editor',
        state: 'bad',
        message: 'not built',
        remedy: 'Run npm run build in the checkout; npm start does it by itself.',
      };
}

/** A folder whose pictures are read in place. */
async function legacyFolder(folder: string): Promise<Finding> {
  const name = 'legacy folder';
  try {
    if (!(await stat(folder)).isDirectory()) throw new Error('it is no folder');
    await access(folder, constants.R_OK | constants.X_OK);
    return { name, state: 'good', message: `${folder} can be read` };
  } catch (error) {
    const remedy = 'Let the user of the server read it, or take it out of IMAGINARIUM_LEGACY_FOLDERS.';
    return { name, state: 'bad', message: `${folder} cannot be read: ${(error as Error).message}`, remedy };
  }
}

function nodeVersion(): Finding {
  const good = Number(process.versions.node.split('.')[0]) >= OLDEST_NODE;
  return good
    ? { name: 'Node.js', state: 'good', message: process.version }
    : { name: 'Node.js', state: 'bad', message: process.version, remedy: `Install Node.js ${OLDEST_NODE} or newer.` };
}

function nativeModule(name: string, from: string): Finding {
  try {
    createRequire(from)(name);
    return { name, state: 'good', message: 'loads' };
  } catch (error) {
    const [message = ''] = (error as Error).message.split('\n');
    const remedy = 'Run npm ci again on this machine: its binary is made for one system and one processor.';
    return { name, state: 'bad', message, remedy };
  }
}

async function dataFolder(folder: string): Promise<Finding> {
  try {
    await makeFolder(folder);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return { name: 'data folder', state: 'good', message: folder };
  } catch (error) {
    const remedy = 'Choose another with --data or IMAGINARIUM_DATA_DIR, or let this user write to it.';
    return { name: 'data folder', state: 'bad', message: `${folder}: ${(error as Error).message}`, remedy };
  }
}

async function diskSpace(folder: string): Promise<Finding> {
  const stats = await statfs(folder).catch(() => undefined);
  if (!stats) return { name: 'disk', state: 'note', message: 'free space could not be read' };
  const free = stats.bavail * stats.bsize;
  const message = `${(free / 1e9).toFixed(1)} GB free`;
  return free > LITTLE_DISK_BYTES
    ? { name: 'disk', state: 'good', message }
    : {
        name: 'disk',
        state: 'note',
        message,
        remedy: 'Large pictures need gigabytes while they are worked on: make room.',
      };
}

/** Whether the credits ledger is right, and the figures of usage say what it does. */
async function books(config: Config): Promise<Finding> {
  const name = 'credit books';
  try {
    const opened = await openBooksAsTheyAre(config);
    if (!opened) return { name, state: 'good', message: 'made or brought up to date by the next start' };
    try {
      const [broken] = await opened.ledgerProblems();
      if (broken !== undefined) {
        const remedy = 'Restore the newest backup whose books are right, and report what happened before.';
        return { name, state: 'bad', message: broken, remedy };
      }
      const [differs] = await opened.usageDifferences();
      if (differs !== undefined) return { name, state: 'bad', message: differs, remedy: 'imaginarium usage rebuild' };
      return { name, state: 'good', message: 'add up, and usage agrees with them' };
    } finally {
      await opened.close();
    }
  } catch (error) {
    return { name, state: 'bad', message: (error as Error).message };
  }
}

/** What the next sweep of a server would remove. */
async function leftovers(config: Config): Promise<Finding> {
  const name = 'leftovers';
  try {
    const due = await dueForRemoval(config, new Date());
    if (!due) return { name, state: 'good', message: 'nothing is there yet' };
    const { runs, files, bytes } = due;
    const figures = { runs, files, bytes };
    if (runs + files === 0) return { name, state: 'good', message: 'nothing is due for removal', figures };
    const message = `due for removal, which a server does within a day: ${counted(runs, 'run')}, ${counted(files, 'file')} of ${(bytes / 1e6).toFixed(1)} MB`;
    return { name, state: 'good', message, figures };
  } catch (error) {
    return { name, state: 'note', message: (error as Error).message };
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

async function redisReached(url: string): Promise<Finding> {
  try {
    await checkRedis(url);
    return { name: 'Redis', state: 'good', message: 'answers, and throws nothing away' };
  } catch (error) {
    const remedy = 'Runs are queued there: nothing is executed without it.';
    return { name: 'Redis', state: 'bad', message: (error as Error).message, remedy };
  }
}

function portFree(host: string, port: number): Promise<Finding> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      resolve({
        name: 'port',
        state: 'bad',
        message: taken ? `${port} is taken` : error.message,
        remedy: taken
          ? 'Is Imaginarium running already? Otherwise choose another with --port.'
          : 'Choose another address or port.',
      });
    });
    server.listen(port, host, () =>
      server.close(() => resolve({ name: 'port', state: 'good', message: `${port} is free` })),
    );
  });
}

async function loadedPackages(config: Config, packages: readonly PackageFolder[]): Promise<Finding[]> {
  const listed = await listPackages(config, packages);
  const found = listed.map(({ name, version, state, error, types, confined }): Finding => {
    const calls = confined && confined.net.length > 0 ? `, may call ${confined.net.join(', ')}` : '';
    const message = `${name} ${version}, ${types.length} node types${confined ? `, confined${calls}` : ''}`;
    if (state === 'loaded') return { name: 'node package', state: 'good', message };
    const remedy = 'Its nodes are shown as placeholders until it loads: reinstall or update it.';
    return { name: 'node package', state: 'bad', message: `${name}: ${error}`, remedy };
  });
  return [...found, ...uselessGrants(config, listed)];
}

/** Grants that open nothing: a name that is spelt wrong looks like this. */
function uselessGrants({ confinedNet }: Config, listed: readonly NodePackage[]): Finding[] {
  const asked = (name: string) => listed.find((entry) => entry.name === name)?.confined?.net ?? [];
  return [...confinedNet].flatMap(([name, hosts]) =>
    hosts
      .filter((host) => !asked(name).includes(hostIn(host) ?? ''))
      .map((host): Finding => {
        const message = `${name} may call ${host}, and does not ask for it`;
        return { name: 'grant', state: 'note', message, remedy: 'Take it out of IMAGINARIUM_CONFINED_NET.' };
      }),
  );
}

async function models(folder: string): Promise<Finding> {
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.onnx'));
  if (files.length > 0) return { name: 'models', state: 'good', message: files.join(', ') };
  return { name: 'models', state: 'good', message: `those that come with node packages; further ones go to ${folder}` };
}
