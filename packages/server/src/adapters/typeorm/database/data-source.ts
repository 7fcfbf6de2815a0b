import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { migrations } from '../migrations/migrations.ts';
import { accountTables } from '../tables/account-tables.ts';
import { assetTables } from '../tables/asset-tables.ts';
import { billingTables } from '../tables/billing-tables.ts';
import { budgetTables } from '../tables/budget-tables.ts';
import { columnTypes, type DatabaseKind } from '../tables/column-types.ts';
import { creditTables } from '../tables/credit-tables.ts';
import { fileTables } from '../tables/file-tables.ts';
import { noticeTables } from '../tables/notice-tables.ts';
import { queueTables } from '../tables/queue-tables.ts';
import { runTables } from '../tables/run-tables.ts';
import { SnakeCaseNames } from '../tables/snake-case.ts';
import { triggerTables } from '../tables/trigger-tables.ts';
import { usageTables } from '../tables/usage-tables.ts';
import { waitTables } from '../tables/wait-tables.ts';
import { workflowTables } from '../tables/workflow-tables.ts';
import { type Database, POOL_SIZE, postgresDatabase, sqliteDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { BUSY_TIMEOUT_MS, setUpConnection } from './sqlite-connection.ts';

/** Where the data is: a PostgreSQL address, or the path of an SQLite file, which is made when it is missing; its folder is not. */
export type DatabasePlace = { url: string } | { sqliteFile: string };

/** The database cannot be used; the message says why and what to do, without the address's password. */
export class DatabaseOpenError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DatabaseOpenError';
  }
}

/**
 * Opens the database and brings its tables up to date, once, however many servers start together.
 * @throws {DatabaseOpenError} when it cannot be reached or written, or belongs to a newer Imaginarium.
 */
export async function openDatabase(place: DatabasePlace): Promise<Database> {
  const dataSource = await connect(place);
  try {
    await migrate(dataSource);
  } catch (error) {
    await dataSource.destroy();
    throw new DatabaseOpenError(`${nameOf(place)} cannot be brought up to date: ${reasonOf(error)}`, { cause: error });
  }
  return databaseOn(dataSource);
}

/**
 * Opens the database without a change to it.
 * @returns undefined where there is none yet, or where its tables are not exactly those that this version makes.
 * @throws {DatabaseOpenError} when it cannot be reached.
 */
export async function openAsItIs(place: DatabasePlace): Promise<Database | undefined> {
  // Opening a file that is missing would make it.
  if ('sqliteFile' in place && !(await isThere(place.sqliteFile))) return undefined;
  const dataSource = await connect(place);
  const applied: { name: string }[] = await dataSource.query('SELECT name FROM schema_migration').catch(() => []);
  const known = new Set(dataSource.migrations.map(({ name }) => name));
  if (applied.length === known.size && applied.every(({ name }) => known.has(name))) return databaseOn(dataSource);
  await dataSource.destroy();
  return undefined;
}

function isThere(file: string): Promise<boolean> {
  return access(file, constants.R_OK).then(
    () => true,
    () => false,
  );
}

async function connect(place: DatabasePlace): Promise<DataSource> {
  const options = await ('url' in place ? postgresOptions(place.url) : sqliteOptions(place.sqliteFile));
  const dataSource = new DataSource(options);
  try {
    if ('sqliteFile' in place) await access(dirname(place.sqliteFile), constants.W_OK);
    return await dataSource.initialize();
  } catch (error) {
    throw new DatabaseOpenError(`${nameOf(place)} cannot be opened: ${reasonOf(error)}. ${remedyFor(place)}`, {
      cause: error,
    });
  }
}

function databaseOn(dataSource: DataSource): Database {
  return dataSource.options.type === 'postgres' ? postgresDatabase(dataSource) : sqliteDatabase(dataSource);
}

async function sqliteOptions(file: string): Promise<DataSourceOptions> {
  // The one that the thread for writes has: TypeORM may find another, and two libraries in one process lift each other's locks of the file.
  const { default: driver } = await import('better-sqlite3');
  return {
    ...common('sqlite'),
    type: 'better-sqlite3',
    driver,
    database: file,
    timeout: BUSY_TIMEOUT_MS,
    prepareDatabase: setUpConnection,
  };
}

async function postgresOptions(url: string): Promise<DataSourceOptions> {
  // Whoever keeps their data in SQLite never needs the driver that these come with.
  const { isoMoments } = await import('./postgres-types.ts');
  const { SteadyClient } = await import('./steady-client.ts');
  return {
    ...common('postgres'),
    type: 'postgres',
    url,
    poolSize: POOL_SIZE,
    connectTimeoutMS: 5000,
    applicationName: 'imaginarium',
    extra: {
      types: isoMoments,
      Client: SteadyClient,
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
      // Of all transactions, so that none has to say so in a statement of its own.
      options: '-c default_transaction_isolation=read\\ committed',
    },
  };
}

function common(kind: DatabaseKind) {
  const types = columnTypes(kind);
  return {
    entities: [
      ...accountTables(types),
      ...workflowTables(types),
      ...runTables(types),
      ...queueTables(types),
      ...fileTables(types),
      ...assetTables(types),
      ...triggerTables(types),
      ...creditTables(types),
      ...usageTables(types),
      ...budgetTables(types),
      ...billingTables(types),
      ...waitTables(types),
      ...noticeTables(types),
    ],
    migrations,
    migrationsTableName: 'schema_migration',
    namingStrategy: new SnakeCaseNames(),
    synchronize: false,
    logging: false,
    invalidWhereValuesBehavior: { null: 'throw' as const, undefined: 'throw' as const },
  };
}

function nameOf(place: DatabasePlace): string {
  if ('sqliteFile' in place) return `The database ${place.sqliteFile}`;
  const { hostname, port, pathname } = new URL(place.url);
  return `The database ${decodeURIComponent(pathname.slice(1))} at ${hostname}:${port || 5432}`;
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

function remedyFor(place: DatabasePlace): string {
  return 'url' in place
    ? 'Check the address, and that PostgreSQL runs and lets this user in.'
    : 'Check that it is a database of Imaginarium in a folder that this user may write to, on a disk with space.';
}
