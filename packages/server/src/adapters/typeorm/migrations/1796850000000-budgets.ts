import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, key, migrationTypes, pointsTo } from './table-builder.ts';

/** What a workspace may spend in a month, and what its runs of each month were given: set aside while they go on, spent once they have ended. */
export class Budgets1796850000000 implements MigrationInterface {
  readonly name = 'Budgets1796850000000';

  async up(runner: QueryRunner): Promise<void> {
    const { uuid, text, bigint, moment } = migrationTypes(runner);
    const postgres = runner.dataSource.options.type === 'postgres';
    const foreignKeys = [pointsTo('workspace', 'workspace_id')];
    await createTable(
      runner,
      'credit_budget',
      { workspace_id: key(uuid), amount: bigint, set_by: text, set_at: moment },
      { foreignKeys, checks: [{ name: 'ck_credit_budget_amount', expression: 'amount > 0' }] },
    );
    await createTable(
      runner,
      'credit_month',
      { workspace_id: key(uuid), month: key(text), used: bigint },
      { foreignKeys, checks: [{ name: 'ck_credit_month_used', expression: 'used >= 0' }] },
    );
    const month = postgres ? `to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM')` : 'substr(created_at, 1, 7)';
    await runner.query(
      `INSERT INTO credit_month (workspace_id, month, used)
       SELECT workspace_id, ${month}, SUM(CASE state WHEN 'open' THEN amount ELSE spent END - refunded)
       FROM credit_reservation GROUP BY 1, 2`,
    );
    for (const statement of postgres ? POSTGRES_MONTHS : SQLITE_MONTHS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type === 'postgres') {
      await runner.query('DROP TRIGGER credit_reservation_spends ON credit_reservation');
      await runner.query('DROP FUNCTION credit_reservation_spends()');
    } else
      for (const name of ['credit_reservation_spends_opens', 'credit_reservation_spends_moves'])
        await runner.query(`DROP TRIGGER ${name}`);
    for (const table of ['credit_month', 'credit_budget']) await runner.dropTable(table);
  }
}

// A run belongs to the month in which it was accepted, also when it goes on into the next. Who goes over the budget is refused by the
// statement that would: of two at the same moment, the second sees the first.
const SPENT = 'ck_credit_month_budget: the budget of the month is spent';

const usedBy = (row: string) =>
  `(CASE ${row}.state WHEN 'open' THEN ${row}.amount ELSE ${row}.spent END - ${row}.refunded)`;

const SQLITE_REFUSE = `
    SELECT RAISE(ABORT, '${SPENT}') FROM credit_month m JOIN credit_budget b ON b.workspace_id = m.workspace_id
      WHERE m.workspace_id = NEW.workspace_id AND m.month = substr(NEW.created_at, 1, 7) AND m.used > b.amount`;

export const SQLITE_MONTHS = [
  `CREATE TRIGGER credit_reservation_spends_opens AFTER INSERT ON credit_reservation BEGIN
    INSERT INTO credit_month (workspace_id, month, used)
      VALUES (NEW.workspace_id, substr(NEW.created_at, 1, 7), NEW.amount)
      ON CONFLICT (workspace_id, month) DO UPDATE SET used = used + excluded.used;
    ${SQLITE_REFUSE} AND NEW.amount > 0;
  END`,
  `CREATE TRIGGER credit_reservation_spends_moves AFTER UPDATE ON credit_reservation
    WHEN ${usedBy('NEW')} <> ${usedBy('OLD')} BEGIN
    UPDATE credit_month SET used = used + ${usedBy('NEW')} - ${usedBy('OLD')}
      WHERE workspace_id = NEW.workspace_id AND month = substr(NEW.created_at, 1, 7);
    ${SQLITE_REFUSE} AND ${usedBy('NEW')} > ${usedBy('OLD')};
  END`,
];

// Triggers of one table fire in the order of their names: after credit_reservation_moves, so that everybody locks the account before the month.
const POSTGRES_MONTHS = [
  `CREATE FUNCTION credit_reservation_spends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  DECLARE more bigint; used_now bigint; budget bigint;
  BEGIN
    more := ${usedBy('NEW')};
    IF TG_OP = 'UPDATE' THEN more := more - ${usedBy('OLD')}; END IF;
    IF TG_OP = 'UPDATE' THEN
      IF more = 0 THEN RETURN NULL; END IF;
      UPDATE credit_month SET used = used + more
        WHERE workspace_id = NEW.workspace_id AND month = to_char(NEW.created_at AT TIME ZONE 'UTC', 'YYYY-MM')
        RETURNING used INTO used_now;
    ELSE
      INSERT INTO credit_month AS m (workspace_id, month, used)
        VALUES (NEW.workspace_id, to_char(NEW.created_at AT TIME ZONE 'UTC', 'YYYY-MM'), more)
        ON CONFLICT (workspace_id, month) DO UPDATE SET used = m.used + excluded.used
        RETURNING m.used INTO used_now;
    END IF;
    IF more <= 0 THEN RETURN NULL; END IF;
    SELECT amount INTO budget FROM credit_budget WHERE workspace_id = NEW.workspace_id;
    IF used_now > budget THEN
      RAISE EXCEPTION '${SPENT}' USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_credit_month_budget';
    END IF;
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER credit_reservation_spends AFTER INSERT OR UPDATE ON credit_reservation
    FOR EACH ROW EXECUTE FUNCTION credit_reservation_spends()`,
];
