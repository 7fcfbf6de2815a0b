import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { migrations } from '../migrations/migrations.ts';
import { type ScratchDatabase, type ScratchKind, scratchKinds } from '../testing/scratch-databases.ts';
import { DatabaseOpenError, openDatabase } from './data-source.ts';
import type { Database } from './database.ts';

describe.each(scratchKinds(inject('postgresUrl')))('openDatabase on $name', (kind) => {
  const opened: Database[] = [];
  const scratches: ScratchDatabase[] = [];
  const open = async (place: ScratchDatabase['place']) => {
    const database = await openDatabase(place);
    opened.push(database);
    return database;
  };
  const create = async () => {
    const scratch = await kind.create();
    scratches.push(scratch);
    return scratch.place;
  };
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close();
    for (const scratch of scratches.splice(0)) await scratch.remove();
  });

  test('migrates to exactly the tables that the code describes', async () => {
    const { dataSource } = await open(await create());
    const pending = await dataSource.driver.createSchemaBuilder().log();
    expect(pending.upQueries.map(({ query }) => query)).toEqual([]);
  });

  test('opens what it made before, and undoes the migrations whole', async () => {
    const place = await create();
    await (await open(place)).ping();
    const { dataSource } = await open(place);
    for (const _migration of migrations) await dataSource.undoLastMigration();
    const runner = dataSource.createQueryRunner();
    const left = await Promise.all(dataSource.entityMetadatas.map((entity) => runner.hasTable(entity.tableName)));
    await runner.release();
    expect(left).not.toContain(true);
  });

  test('migrates once when several servers start together', async () => {
    const place = await create();
    const databases = await Promise.all(Array.from({ length: 4 }, () => open(place)));
    const applied = await databases[0]?.read(({ sql }) => sql`SELECT name FROM schema_migration`);
    expect(applied).toHaveLength(migrations.length);
  });

  test('refuses a database that a newer program wrote', async () => {
    const place = await create();
    const database = await open(place);
    await database.write(
      ({ sql }) => sql`INSERT INTO schema_migration (timestamp, name) VALUES (9999999999999, 'Future9999999999999')`,
    );
    await expect(openDatabase(place)).rejects.toThrow(/newer Imaginarium \(Future9999999999999\)/);
  });
});

test('says which file or server cannot be opened, and what to do', async () => {
  await expect(openDatabase({ sqliteFile: '/dev/null/imaginarium.sqlite' })).rejects.toThrow(DatabaseOpenError);
  await expect(openDatabase({ sqliteFile: '/dev/null/imaginarium.sqlite' })).rejects.toThrow(
    /a folder that this user may write to/,
  );
  await expect(openDatabase({ sqliteFile: '/proc/nowhere/imaginarium.sqlite' })).rejects.toThrow(/no such file/);
  const refused = openDatabase({ url: 'postgres://me:secret@127.0.0.1:1/images' });
  await expect(refused).rejects.toThrow(/The database images at 127.0.0.1:1 cannot be opened: .*ECONNREFUSED/);
  await expect(refused).rejects.not.toThrow(/secret/);
});

test('leaves a file alone that is not a database', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'imaginarium-open-'));
  const sqliteFile = join(folder, 'notes.txt');
  await writeFile(sqliteFile, 'these are my notes, not a database\n'.repeat(100));
  await expect(openDatabase({ sqliteFile })).rejects.toThrow(/notes\.txt cannot be opened: file is not a database/);
  expect(await readFile(sqliteFile, 'utf8')).toContain('my notes');
  await rm(folder, { recursive: true });
});

test('opens SQLite by the library of this package, not by one that TypeORM finds beside itself', async () => {
  const scratch = await (scratchKinds(null)[0] as ScratchKind).create();
  const { dataSource, close } = await openDatabase(scratch.place);
  expect(dataSource.options).toMatchObject({ type: 'better-sqlite3', driver: BetterSqlite3 });
  await close();
  await scratch.remove();
});
