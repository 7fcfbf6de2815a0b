import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, key, migrationTypes, optional, pointsTo } from './table-builder.ts';

/** Who workspaces are for the billing service, what they used and has to be billed, and the credits they bought. */
export class Billing1797100000000 implements MigrationInterface {
  readonly name = 'Billing1797100000000';

  async up(runner: QueryRunner): Promise<void> {
    const { uuid, text, integer, bigint, moment } = migrationTypes(runner);
    await createTable(
      runner,
      'billing_customer',
      { workspace_id: key(uuid), customer_id: text, gathered_until: moment },
      {
        indices: [{ name: 'uq_billing_customer', columnNames: ['customer_id'], isUnique: true }],
        foreignKeys: [pointsTo('workspace', 'workspace_id')],
      },
    );
    // A run is reported when it has ended: they are found by that.
    await runner.query(
      `CREATE INDEX ix_credit_reservation_counted ON credit_reservation (workspace_id, resolved_at)
        WHERE account = 'source' AND spent > 0`,
    );
    await createTable(
      runner,
      'billing_report',
      {
        ...{ id: key(uuid), workspace_id: uuid, credits: bigint, used_at: moment },
        ...{ state: { ...text, default: "'due'" }, attempts: { ...integer, default: 0 }, next_at: moment },
        ...{ in_doubt_since: optional(moment), error: optional(text), settled_at: optional(moment) },
      },
      {
        checks: [
          { name: 'ck_billing_report_state', expression: `state IN ('due', 'sent', 'refused', 'unknown')` },
          { name: 'ck_billing_report_credits', expression: 'credits <> 0' },
        ],
        indices: [
          { name: 'ix_billing_report_due', columnNames: ['next_at'], where: "state = 'due'" },
          { name: 'ix_billing_report_state', columnNames: ['state', 'used_at'] },
        ],
        foreignKeys: [pointsTo('workspace', 'workspace_id')],
      },
    );
    await createTable(
      runner,
      'billing_purchase',
      {
        ...{ id: key(text), workspace_id: uuid, payment: optional(text), credits: bigint },
        ...{ taken_back: { ...bigint, default: 0 }, created_at: moment },
      },
      {
        checks: [{ name: 'ck_billing_purchase_taken_back', expression: 'taken_back >= 0 AND taken_back <= credits' }],
        indices: [{ name: 'ix_billing_purchase_payment', columnNames: ['payment'] }],
        foreignKeys: [pointsTo('workspace', 'workspace_id')],
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX ix_credit_reservation_counted');
    for (const table of ['billing_purchase', 'billing_report', 'billing_customer']) await runner.dropTable(table);
  }
}
