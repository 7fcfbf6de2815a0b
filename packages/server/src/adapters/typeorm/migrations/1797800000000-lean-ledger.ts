import type { MigrationInterface, QueryRunner } from 'typeorm';
import { LEAN_TRIGGERS, OLD_TRIGGERS } from './1797800000000-lean-triggers.ts';
import { makeAnew } from './make-anew.ts';

/** Indices that went: what they told apart or found, fewer and smaller ones do. */
const OLD_INDICES = [
  "CREATE UNIQUE INDEX uq_credit_charge_of_step ON credit_transfer (run_id, node, iteration) WHERE kind = 'charge'",
  'CREATE INDEX ix_credit_transfer_of_run ON credit_transfer (run_id)',
  'CREATE INDEX ix_credit_transfer_newest_by_kind ON credit_transfer (workspace_id, kind, created_at, id)',
  'CREATE INDEX ix_credit_entry_of_account ON credit_entry (workspace_id, account)',
];

/** Only a charge names a node, and NULLs are told apart: so a step is charged once, and a run's transfers are found by the same index. */
const NEW_INDICES = [
  'CREATE UNIQUE INDEX uq_credit_transfer_of_run ON credit_transfer (run_id, node, iteration) WHERE run_id IS NOT NULL',
  "CREATE INDEX ix_credit_transfer_by_hand ON credit_transfer (workspace_id, kind, created_at, id) WHERE kind <> 'charge'",
];

/** Tables that SQLite keeps by their key alone, without a second tree of row numbers. */
const LEAN_TABLES = ['credit_transfer', 'credit_entry', 'credit_reservation', 'usage_pending'];

/**
 * A paid run writes about half as much: one index tells charges apart and finds the transfers of a run, transfers that are no charges have
 * an index of their own, and SQLite keeps rows by their key and moves balances with statements that cost it little.
 */
export class LeanLedger1797800000000 implements MigrationInterface {
  readonly name = 'LeanLedger1797800000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of OLD_INDICES) await runner.query(`DROP INDEX ${nameOf(statement)}`);
    for (const statement of NEW_INDICES) await runner.query(statement);
    if (runner.dataSource.options.type === 'postgres') return;
    await exchangeTriggers(runner, OLD_TRIGGERS, LEAN_TRIGGERS, 'WITHOUT ROWID');
  }

  async down(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type !== 'postgres') await exchangeTriggers(runner, LEAN_TRIGGERS, OLD_TRIGGERS, '');
    for (const statement of NEW_INDICES) await runner.query(`DROP INDEX ${nameOf(statement)}`);
    for (const statement of OLD_INDICES) await runner.query(statement);
  }
}

/** The name of the index or trigger that a statement makes. */
function nameOf(statement: string): string {
  return /^CREATE (?:UNIQUE INDEX|INDEX|TRIGGER) (\w+)/.exec(statement)?.[1] ?? '';
}

/**
 * Makes the tables of the ledger anew on SQLite, with other triggers. Those that stay are away meanwhile: they would refuse that rows are
 * moved, and name tables that are not there for a moment.
 */
async function exchangeTriggers(
  runner: QueryRunner,
  old: readonly string[],
  others: readonly string[],
  keptBy: 'WITHOUT ROWID' | '',
): Promise<void> {
  for (const statement of old) await runner.query(`DROP TRIGGER ${nameOf(statement)}`);
  const tables = LEAN_TABLES.map((table) => `'${table}'`).join(', ');
  const stay: { name: string; sql: string }[] = await runner.query(
    `SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (${tables})`,
  );
  for (const { name } of stay) await runner.query(`DROP TRIGGER ${name}`);
  for (const table of LEAN_TABLES) await makeAnew(runner, table, keptBy);
  for (const statement of [...stay.map(({ sql }) => sql), ...others]) await runner.query(statement);
}
