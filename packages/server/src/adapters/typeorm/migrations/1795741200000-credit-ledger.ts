import type { MigrationInterface, QueryRunner } from 'typeorm';
import { POSTGRES_LEDGER, POSTGRES_LEDGER_FUNCTIONS, SQLITE_LEDGER } from './1795741200000-ledger-triggers.ts';
import { createTable, key, migrationTypes, optional, pointsTo } from './table-builder.ts';

const account = (column: string) =>
  pointsTo('credit_account', ['workspace_id', column], { to: ['workspace_id', 'kind'] });

/** The credits ledger: accounts, transfers with their entries, and reservations; and the versions of the price list. */
export class CreditLedger1795741200000 implements MigrationInterface {
  readonly name = 'CreditLedger1795741200000';

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner);
    const postgres = runner.dataSource.options.type === 'postgres';
    for (const statement of postgres ? POSTGRES_LEDGER : SQLITE_LEDGER) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['price_list', 'credit_reservation', 'credit_entry', 'credit_transfer', 'credit_account'])
      await runner.dropTable(table);
    if (runner.dataSource.options.type === 'postgres')
      for (const name of POSTGRES_LEDGER_FUNCTIONS) await runner.query(`DROP FUNCTION ${name}()`);
  }
}

async function createTables(runner: QueryRunner): Promise<void> {
  const { uuid, text, integer, bigint, json, moment } = migrationTypes(runner);
  await createTable(
    runner,
    'credit_account',
    { workspace_id: key(uuid), kind: key(text), balance: bigint, reserved: bigint },
    {
      checks: [
        { name: 'ck_credit_account_kind', expression: `kind IN ('wallet', 'source', 'spent')` },
        { name: 'ck_credit_account_reserved', expression: 'reserved >= 0' },
        { name: 'ck_credit_account_available', expression: `kind = 'source' OR balance - reserved >= 0` },
      ],
      // The books outlive what they are about: nothing takes them along when it is deleted.
      foreignKeys: [pointsTo('workspace', 'workspace_id')],
    },
  );
  await createTable(
    runner,
    'credit_transfer',
    {
      ...{ id: key(uuid), workspace_id: uuid, kind: text, from_account: text, to_account: text, amount: bigint },
      ...{ exact: optional(bigint), run_id: optional(uuid), node: optional(text) },
      ...{ iteration: { ...text, default: "''" }, actor: optional(text), reason: optional(text) },
      ...{ idempotency_key: optional(text), created_at: moment },
    },
    {
      checks: [
        {
          name: 'ck_credit_transfer_kind',
          expression: [
            `(kind IN ('grant', 'purchase') AND from_account = 'source' AND to_account = 'wallet')`,
            `(kind = 'withdrawal' AND from_account = 'wallet' AND to_account = 'source')`,
            `(kind = 'charge' AND from_account IN ('wallet', 'source') AND to_account = 'spent')`,
            `(kind = 'refund' AND from_account = 'spent' AND to_account IN ('wallet', 'source'))`,
          ].join(' OR '),
        },
        { name: 'ck_credit_transfer_amount', expression: `amount > 0 OR (kind = 'charge' AND amount = 0)` },
        {
          name: 'ck_credit_transfer_why',
          expression: [
            `(kind = 'charge' AND run_id IS NOT NULL AND node IS NOT NULL AND exact >= 0)`,
            `(kind <> 'charge' AND actor IS NOT NULL AND reason IS NOT NULL AND (kind <> 'refund' OR run_id IS NOT NULL))`,
          ].join(' OR '),
        },
      ],
      indices: [
        {
          name: 'uq_credit_charge_of_step',
          columnNames: ['run_id', 'node', 'iteration'],
          isUnique: true,
          where: "kind = 'charge'",
        },
        {
          name: 'uq_credit_transfer_key',
          columnNames: ['workspace_id', 'idempotency_key'],
          isUnique: true,
          where: 'idempotency_key IS NOT NULL',
        },
        { name: 'ix_credit_transfer_newest', columnNames: ['workspace_id', 'created_at', 'id'] },
        { name: 'ix_credit_transfer_newest_by_kind', columnNames: ['workspace_id', 'kind', 'created_at', 'id'] },
        { name: 'ix_credit_transfer_of_run', columnNames: ['run_id'] },
      ],
      foreignKeys: [account('from_account'), account('to_account')],
    },
  );
  await createTable(
    runner,
    'credit_entry',
    { transfer_id: key(uuid), account: key(text), workspace_id: uuid, amount: bigint, balance: bigint },
    {
      indices: [{ name: 'ix_credit_entry_of_account', columnNames: ['workspace_id', 'account'] }],
      foreignKeys: [pointsTo('credit_transfer', 'transfer_id')],
    },
  );
  await createTable(
    runner,
    'credit_reservation',
    {
      ...{ run_id: key(uuid), workspace_id: uuid, account: text, amount: bigint },
      ...{ spent: { ...bigint, default: 0 }, spent_exact: { ...bigint, default: 0 } },
      ...{ refunded: { ...bigint, default: 0 }, terms: json, state: { ...text, default: "'open'" } },
      ...{ created_at: moment, expires_at: moment, resolved_at: optional(moment) },
    },
    {
      checks: [
        { name: 'ck_credit_reservation_state', expression: `state IN ('open', 'released', 'expired')` },
        { name: 'ck_credit_reservation_spent', expression: 'amount >= 0 AND spent >= 0 AND spent <= amount' },
        { name: 'ck_credit_reservation_refunded', expression: 'refunded >= 0 AND refunded <= spent' },
      ],
      indices: [{ name: 'ix_credit_reservation_open', columnNames: ['expires_at'], where: "state = 'open'" }],
      foreignKeys: [account('account')],
    },
  );
  await createTable(runner, 'price_list', {
    version: key(integer),
    prices: json,
    created_by: text,
    created_at: moment,
  });
}
