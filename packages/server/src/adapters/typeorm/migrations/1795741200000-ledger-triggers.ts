// The database moves the balances itself. Whoever writes a transfer gets its two entries and both balances with it, whoever writes a
// reservation has its credits set aside, and no program can do one without the other. What was written is never changed.

const REFUSALS = {
  appendOnly: 'the ledger is append-only',
  noReservation: 'credits are charged by an open reservation of the run only',
  noCharge: 'credits are refunded to the account that paid for the run only',
  resolved: 'a reservation is resolved once',
};

/** For SQLite. */
export const SQLITE_LEDGER: readonly string[] = [
  `CREATE TRIGGER credit_transfer_post AFTER INSERT ON credit_transfer BEGIN
    SELECT RAISE(ABORT, '${REFUSALS.noReservation}') WHERE NEW.kind = 'charge' AND NOT EXISTS (
      SELECT 1 FROM credit_reservation WHERE run_id = NEW.run_id AND workspace_id = NEW.workspace_id
        AND account = NEW.from_account AND state = 'open');
    SELECT RAISE(ABORT, '${REFUSALS.noCharge}') WHERE NEW.kind = 'refund' AND NOT EXISTS (
      SELECT 1 FROM credit_reservation WHERE run_id = NEW.run_id AND workspace_id = NEW.workspace_id
        AND account = NEW.to_account);
    UPDATE credit_reservation SET spent = spent + NEW.amount, spent_exact = spent_exact + NEW.exact
      WHERE run_id = NEW.run_id AND NEW.kind = 'charge';
    UPDATE credit_reservation SET refunded = refunded + NEW.amount WHERE run_id = NEW.run_id AND NEW.kind = 'refund';
    UPDATE credit_account SET balance = balance - NEW.amount
      WHERE workspace_id = NEW.workspace_id AND kind = NEW.from_account;
    UPDATE credit_account SET balance = balance + NEW.amount
      WHERE workspace_id = NEW.workspace_id AND kind = NEW.to_account;
    INSERT INTO credit_entry (transfer_id, account, workspace_id, amount, balance)
      SELECT NEW.id, kind, NEW.workspace_id, CASE kind WHEN NEW.from_account THEN -NEW.amount ELSE NEW.amount END, balance
      FROM credit_account
      WHERE workspace_id = NEW.workspace_id AND kind IN (NEW.from_account, NEW.to_account) AND NEW.amount > 0;
  END`,
  `CREATE TRIGGER credit_reservation_opens AFTER INSERT ON credit_reservation BEGIN
    UPDATE credit_account SET reserved = reserved + NEW.amount
      WHERE workspace_id = NEW.workspace_id AND kind = NEW.account;
  END`,
  `CREATE TRIGGER credit_reservation_guard BEFORE UPDATE ON credit_reservation
    WHEN NEW.run_id <> OLD.run_id OR NEW.workspace_id <> OLD.workspace_id OR NEW.account <> OLD.account
      OR (OLD.state <> 'open' AND (NEW.state <> OLD.state OR NEW.amount <> OLD.amount OR NEW.spent <> OLD.spent))
    BEGIN SELECT RAISE(ABORT, '${REFUSALS.resolved}'); END`,
  `CREATE TRIGGER credit_reservation_moves AFTER UPDATE ON credit_reservation WHEN OLD.state = 'open' BEGIN
    UPDATE credit_account SET reserved = reserved - (OLD.amount - OLD.spent)
      + CASE WHEN NEW.state = 'open' THEN NEW.amount - NEW.spent ELSE 0 END
      WHERE workspace_id = NEW.workspace_id AND kind = NEW.account;
  END`,
  ...['credit_transfer', 'credit_entry', 'price_list'].flatMap((table) =>
    ['UPDATE', 'DELETE'].map((act) => refuseOnSqlite(table, act)),
  ),
  refuseOnSqlite('credit_account', 'DELETE'),
  refuseOnSqlite('credit_reservation', 'DELETE'),
];

function refuseOnSqlite(table: string, act: string): string {
  return `CREATE TRIGGER ${table}_no_${act.toLowerCase()} BEFORE ${act} ON ${table}
    BEGIN SELECT RAISE(ABORT, '${REFUSALS.appendOnly}'); END`;
}

// With the rights of who owns the tables: the role that the server signs in with needs none to change accounts and entries itself.
const DEFINED = 'RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT';

export const POSTGRES_LEDGER_FUNCTIONS: readonly string[] = [
  'credit_transfer_post',
  'credit_reservation_moves',
  'credit_reservation_guard',
  'credit_append_only',
];

/** For PostgreSQL. Accounts are locked in one order, so that transfers in opposite directions wait for each other and never in a circle. */
export const POSTGRES_LEDGER: readonly string[] = [
  `CREATE FUNCTION credit_transfer_post() ${DEFINED} AS $$
  DECLARE from_balance bigint; to_balance bigint;
  BEGIN
    PERFORM 1 FROM credit_account
      WHERE workspace_id = NEW.workspace_id AND kind IN (NEW.from_account, NEW.to_account) ORDER BY kind FOR NO KEY UPDATE;
    IF NEW.kind = 'charge' THEN
      UPDATE credit_reservation SET spent = spent + NEW.amount, spent_exact = spent_exact + NEW.exact
        WHERE run_id = NEW.run_id AND workspace_id = NEW.workspace_id AND account = NEW.from_account AND state = 'open';
      IF NOT FOUND THEN RAISE EXCEPTION '${REFUSALS.noReservation}'; END IF;
    ELSIF NEW.kind = 'refund' THEN
      UPDATE credit_reservation SET refunded = refunded + NEW.amount
        WHERE run_id = NEW.run_id AND workspace_id = NEW.workspace_id AND account = NEW.to_account;
      IF NOT FOUND THEN RAISE EXCEPTION '${REFUSALS.noCharge}'; END IF;
    END IF;
    IF NEW.amount = 0 THEN RETURN NULL; END IF;
    UPDATE credit_account SET balance = balance - NEW.amount
      WHERE workspace_id = NEW.workspace_id AND kind = NEW.from_account RETURNING balance INTO from_balance;
    UPDATE credit_account SET balance = balance + NEW.amount
      WHERE workspace_id = NEW.workspace_id AND kind = NEW.to_account RETURNING balance INTO to_balance;
    INSERT INTO credit_entry (transfer_id, account, workspace_id, amount, balance) VALUES
      (NEW.id, NEW.from_account, NEW.workspace_id, -NEW.amount, from_balance),
      (NEW.id, NEW.to_account, NEW.workspace_id, NEW.amount, to_balance);
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER credit_transfer_post AFTER INSERT ON credit_transfer
    FOR EACH ROW EXECUTE FUNCTION credit_transfer_post()`,
  `CREATE FUNCTION credit_reservation_moves() ${DEFINED} AS $$
  DECLARE moved bigint := 0;
  BEGIN
    IF NEW.state = 'open' THEN moved := NEW.amount - NEW.spent; END IF;
    IF TG_OP = 'UPDATE' AND OLD.state = 'open' THEN moved := moved - (OLD.amount - OLD.spent); END IF;
    IF moved <> 0 THEN
      UPDATE credit_account SET reserved = reserved + moved
        WHERE workspace_id = NEW.workspace_id AND kind = NEW.account;
    END IF;
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER credit_reservation_moves AFTER INSERT OR UPDATE ON credit_reservation
    FOR EACH ROW EXECUTE FUNCTION credit_reservation_moves()`,
  `CREATE FUNCTION credit_reservation_guard() ${DEFINED} AS $$
  BEGIN
    IF NEW.run_id <> OLD.run_id OR NEW.workspace_id <> OLD.workspace_id OR NEW.account <> OLD.account
      OR (OLD.state <> 'open' AND (NEW.state <> OLD.state OR NEW.amount <> OLD.amount OR NEW.spent <> OLD.spent))
    THEN RAISE EXCEPTION '${REFUSALS.resolved}'; END IF;
    RETURN NEW;
  END $$`,
  `CREATE TRIGGER credit_reservation_guard BEFORE UPDATE ON credit_reservation
    FOR EACH ROW EXECUTE FUNCTION credit_reservation_guard()`,
  `CREATE FUNCTION credit_append_only() ${DEFINED} AS $$
  BEGIN RAISE EXCEPTION '${REFUSALS.appendOnly}'; END $$`,
  ...['credit_transfer', 'credit_entry', 'price_list'].map((table) =>
    refuseOnPostgres(table, 'UPDATE OR DELETE OR TRUNCATE'),
  ),
  refuseOnPostgres('credit_account', 'DELETE OR TRUNCATE'),
  refuseOnPostgres('credit_reservation', 'DELETE OR TRUNCATE'),
];

function refuseOnPostgres(table: string, acts: string): string {
  return `CREATE TRIGGER ${table}_append_only BEFORE ${acts} ON ${table}
    FOR EACH STATEMENT EXECUTE FUNCTION credit_append_only()`;
}
