import { createHash, randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { type DatabasePlace, openDatabase } from '../database/data-source.ts';
import type { Database } from '../database/database.ts';
import { migrations } from '../migrations/migrations.ts';

/** A database of a test's own. */
export interface ScratchDatabase<Place extends DatabasePlace = DatabasePlace> {
  place: Place;
  /** Removes it. Close what was opened first. */
  remove(): Promise<void>;
}

/** A kind of database that tests run on. */
export interface EmptyKind {
  name: 'SQLite' | 'PostgreSQL';
  /** An empty one. */
  create(): Promise<ScratchDatabase>;
}

/** A kind of database that comes with its tables too. */
export interface ScratchKind extends EmptyKind {
  /** One that has its tables: the copy of one that was migrated once for all tests, at a tenth of the time. */
  createReady(): Promise<ScratchDatabase>;
}

/** The databases to run a test on: SQLite, and PostgreSQL where a server's address is given. */
export function scratchKinds(postgresUrl: string | null): ScratchKind[] {
  const sqlite: ScratchKind = { name: 'SQLite', create: createSqlite, createReady: copySqlite };
  if (postgresUrl === null) return [sqlite];
  const postgres: ScratchKind = {
    name: 'PostgreSQL',
    create: () => createPostgres(postgresUrl),
    createReady: async () => createPostgres(postgresUrl, await readyPostgres(postgresUrl)),
  };
  return [sqlite, postgres];
}

/** A new database that has its tables, and how to be rid of it. */
export async function openScratch(kind: ScratchKind): Promise<{ database: Database; remove: () => Promise<void> }> {
  const scratch = await kind.createReady();
  const database = await openDatabase(scratch.place);
  return {
    database,
    remove: async () => {
      await database.close();
      await scratch.remove();
    },
  };
}

async function createSqlite(): Promise<ScratchDatabase<{ sqliteFile: string }>> {
  const folder = await mkdtemp(join(tmpdir(), 'imaginarium-sqlite-'));
  return {
    place: { sqliteFile: join(folder, 'imaginarium.sqlite') },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function copySqlite(): Promise<ScratchDatabase> {
  const scratch = await createSqlite();
  if (readySqlite === undefined || !existsSync(readySqlite)) readySqlite = await makeReadySqlite();
  await copyFile(readySqlite, scratch.place.sqliteFile);
  return scratch;
}

/** The file that this process copies. */
let readySqlite: string | undefined;

async function makeReadySqlite(): Promise<string> {
  const { place } = await createSqlite();
  process.once('exit', () => rmSync(dirname(place.sqliteFile), { recursive: true, force: true }));
  await (await openDatabase(place)).close();
  return place.sqliteFile;
}

async function createPostgres(serverUrl: string, template = 'template1'): Promise<ScratchDatabase<{ url: string }>> {
  const name = `scratch_${randomUUID().replaceAll('-', '')}`;
  await administer(serverUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  return {
    place: { url: databaseUrl(serverUrl, name) },
    remove: () => administer(serverUrl, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`)),
  };
}

/** Any number that nothing else locks by: of the processes that test at the same time, one makes what all of them copy. */
const READY_LOCK = 4_680_002;

/** The database that all tests on a server copy, made by the first that asks. Its name says which migrations made it. @returns the name. */
async function readyPostgres(serverUrl: string): Promise<string> {
  const ready = `ready_${createHash('sha256').update(migrations.join()).digest('hex').slice(0, 32)}`;
  const isThere = async (client: pg.Client) =>
    (await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [ready])).rowCount === 1;
  await administer(serverUrl, async (client) => {
    if (await isThere(client)) return;
    await client.query(`SELECT pg_advisory_lock(${READY_LOCK})`);
    if (await isThere(client)) return;
    const { place } = await createPostgres(serverUrl);
    await (await openDatabase(place)).close();
    // It has its name only once it is whole, and nobody may be connected to what is copied.
    await client.query(`ALTER DATABASE ${new URL(place.url).pathname.slice(1)} RENAME TO ${ready}`);
  });
  return ready;
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = name;
  return url.href;
}

/** Works on a connection of its own, whose locks end with it. */
async function administer(serverUrl: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
