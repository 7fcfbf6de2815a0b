import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabasePlace, openDatabase } from '../../packages/server/src/adapters/typeorm/database/data-source.ts';
import { findPostgresBinaries, startPostgres } from '../../tests/services/postgres.ts';
import { largeLedgerRows } from '../credits/large-ledger.ts';
import { paidRunRows } from '../credits/paid-runs.ts';
import type { BenchOptions, BenchRow } from '../row.ts';

/** What credits add to a run and take of the throughput, and how long a large ledger takes to be read. The throughput needs a build. */
export async function rows({ smoke }: BenchOptions): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'imaginarium-credits-'));
  try {
    return [
      ...(await ledgerRows({ sqliteFile: join(folder, 'imaginarium.sqlite') }, 'SQLite', smoke)),
      ...(await postgresRows(smoke)),
      ...(await paidRunRows(smoke)),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function ledgerRows(place: DatabasePlace, name: string, smoke: boolean): Promise<BenchRow[]> {
  const database = await openDatabase(place);
  try {
    return await largeLedgerRows(database, name, smoke);
  } finally {
    await database.close();
  }
}

async function postgresRows(smoke: boolean): Promise<BenchRow[]> {
  if (findPostgresBinaries() === null) {
    console.log('PostgreSQL is not installed, so its ledger is left out.');
    return [];
  }
  const postgres = await startPostgres();
  try {
    return await ledgerRows({ url: postgres.url }, 'PostgreSQL', smoke);
  } finally {
    await postgres.stop();
  }
}
