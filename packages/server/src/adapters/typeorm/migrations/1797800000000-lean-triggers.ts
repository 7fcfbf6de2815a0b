import { SQLITE_LEDGER } from './1795741200000-ledger-triggers.ts';
import { SQLITE_NOTE } from './1796550000000-usage.ts';
import { SQLITE_MONTHS } from './1796850000000-budgets.ts';

// The triggers of SQLite that move balances, by the same rules as before. They are written for what a paid run costs: SQLite finds one row by
// its key in a microsecond, and takes ten to begin a join or a list of keys.

const NO_RESERVATION = 'credits are charged by an open reservation of the run only';
const NO_CHARGE = 'credits are refunded to the account that paid for the run only';
const RESOLVED = 'a reservation is resolved once';
const SPENT = 'ck_credit_month_budget: the budget of the month is spent';

/** One side of a transfer, with the balance of its account after it. */
const entry = (account: string, amount: string) => `
    INSERT INTO credit_entry (transfer_id, account, workspace_id, amount, balance)
      SELECT NEW.id, ${account}, NEW.workspace_id, ${amount},
        (SELECT balance FROM credit_account WHERE workspace_id = NEW.workspace_id AND kind = ${account})
      WHERE NEW.amount > 0`;

/** Both accounts of a transfer, and its two entries. @param leaves what becomes of the account that it comes from. */
const moves = (leaves: string) => `
    UPDATE credit_account SET ${leaves} WHERE workspace_id = NEW.workspace_id AND kind = NEW.from_account;
    UPDATE credit_account SET balance = balance + NEW.amount
      WHERE workspace_id = NEW.workspace_id AND kind = NEW.to_account;
    ${entry('NEW.from_account', '-NEW.amount')};${entry('NEW.to_account', 'NEW.amount')}`;

/** What runs of a month were given, as a reservation counts in it. */
const used = (row: string) =>
  `(CASE ${row}.state WHEN 'open' THEN ${row}.amount ELSE ${row}.spent END - ${row}.refunded)`;
const MONTH = 'workspace_id = NEW.workspace_id AND month = substr(NEW.created_at, 1, 7)';
const refuse = (isMore: string) => `
    SELECT RAISE(ABORT, '${SPENT}') WHERE ${isMore} AND (SELECT used FROM credit_month WHERE ${MONTH})
      > (SELECT amount FROM credit_budget WHERE workspace_id = NEW.workspace_id)`;

export const LEAN_TRIGGERS: readonly string[] = [
  `CREATE TRIGGER credit_transfer_charges AFTER INSERT ON credit_transfer WHEN NEW.kind = 'charge' BEGIN
    UPDATE credit_reservation SET spent = spent + NEW.amount, spent_exact = spent_exact + NEW.exact
      WHERE run_id = NEW.run_id AND workspace_id = NEW.workspace_id AND account = NEW.from_account AND state = 'open';
    SELECT RAISE(ABORT, '${NO_RESERVATION}') WHERE changes() = 0;
    ${moves('balance = balance - NEW.amount, reserved = reserved - NEW.amount')};
    INSERT INTO usage_pending (transfer_id, workspace_id) VALUES (NEW.id, NEW.workspace_id);
  END`,
  `CREATE TRIGGER credit_transfer_refunds AFTER INSERT ON credit_transfer WHEN NEW.kind = 'refund' BEGIN
    UPDATE credit_reservation SET refunded = refunded + NEW.amount
      WHERE run_id = NEW.run_id AND workspace_id = NEW.workspace_id AND account = NEW.to_account;
    SELECT RAISE(ABORT, '${NO_CHARGE}') WHERE changes() = 0;
    ${moves('balance = balance - NEW.amount')};
    INSERT INTO usage_pending (transfer_id, workspace_id) VALUES (NEW.id, NEW.workspace_id);
  END`,
  `CREATE TRIGGER credit_transfer_moves AFTER INSERT ON credit_transfer WHEN NEW.kind <> 'charge' AND NEW.kind <> 'refund' BEGIN
    ${moves('balance = balance - NEW.amount')};
  END`,
  `CREATE TRIGGER credit_reservation_opened AFTER INSERT ON credit_reservation BEGIN
    UPDATE credit_account SET reserved = reserved + NEW.amount
      WHERE workspace_id = NEW.workspace_id AND kind = NEW.account;
    INSERT INTO credit_month (workspace_id, month, used)
      VALUES (NEW.workspace_id, substr(NEW.created_at, 1, 7), NEW.amount)
      ON CONFLICT (workspace_id, month) DO UPDATE SET used = used + excluded.used;
    ${refuse('NEW.amount > 0')};
  END`,
  // What is spent is taken from the account by the charge itself, never together with anything else.
  `CREATE TRIGGER credit_reservation_guards BEFORE UPDATE ON credit_reservation
    WHEN NEW.run_id <> OLD.run_id OR NEW.workspace_id <> OLD.workspace_id OR NEW.account <> OLD.account
      OR (NEW.state <> OLD.state OR NEW.amount <> OLD.amount) AND (OLD.state <> 'open' OR NEW.spent <> OLD.spent)
      OR NEW.spent <> OLD.spent AND OLD.state <> 'open'
    BEGIN SELECT RAISE(ABORT, '${RESOLVED}'); END`,
  `CREATE TRIGGER credit_reservation_changes AFTER UPDATE ON credit_reservation
    WHEN OLD.state = 'open' AND (NEW.amount <> OLD.amount OR NEW.state <> 'open' AND OLD.amount <> OLD.spent) BEGIN
    UPDATE credit_account SET reserved = reserved - (OLD.amount - OLD.spent)
      + CASE NEW.state WHEN 'open' THEN NEW.amount - NEW.spent ELSE 0 END
      WHERE workspace_id = NEW.workspace_id AND kind = NEW.account;
  END`,
  `CREATE TRIGGER credit_reservation_counts AFTER UPDATE ON credit_reservation WHEN ${used('NEW')} <> ${used('OLD')} BEGIN
    UPDATE credit_month SET used = used + ${used('NEW')} - ${used('OLD')} WHERE ${MONTH};
    ${refuse(`${used('NEW')} > ${used('OLD')}`)};
  END`,
];

const REPLACED =
  /^CREATE TRIGGER (credit_transfer_post|credit_reservation_(opens|guard|moves|spends_opens|spends_moves)|credit_transfer_used) /;

/** Those that they stand in for. */
export const OLD_TRIGGERS: readonly string[] = [...SQLITE_LEDGER, ...SQLITE_NOTE, ...SQLITE_MONTHS].filter(
  (statement) => REPLACED.test(statement),
);
