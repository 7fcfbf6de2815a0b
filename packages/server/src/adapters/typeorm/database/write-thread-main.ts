import { parentPort, workerData } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';
import type { SqlValue } from './sql.ts';
import { BUSY_TIMEOUT_MS, setUpConnection } from './sqlite-connection.ts';
import type { ThreadAnswer, ThreadGroup } from './write-thread.ts';

/** Statements that are kept prepared. */
const KEPT_STATEMENTS = 100;

const port = parentPort;
if (!port) throw new Error('This is the program of a thread: WriteThread starts it.');
const answer = (told: ThreadAnswer) => port.postMessage(told);

const connection = new BetterSqlite3(String(workerData), { timeout: BUSY_TIMEOUT_MS, fileMustExist: true });
setUpConnection(connection);
connection.pragma('foreign_keys = ON');
// It only ever adds at the ends of a few tables.
connection.pragma('cache_size = -4000');
const begin = connection.prepare('BEGIN IMMEDIATE');
const commit = connection.prepare('COMMIT');
const rollBack = connection.prepare('ROLLBACK');
const prepared = new Map<string, BetterSqlite3.Statement<SqlValue[]>>();

port.on('message', (asked: ThreadGroup | 'close') => {
  if (asked !== 'close') return answer(carryOut(asked));
  connection.close();
  port.close();
});
answer('ready');

/** All of a group in one transaction, flushed to the disk; or nothing of it. */
function carryOut({ texts, writes }: ThreadGroup): ThreadAnswer {
  try {
    const statements = texts.map(statementOf);
    begin.run();
    const stored = writes.map((write) => {
      for (const [index, [statement, values]] of write.entries()) {
        const { changes } = (statements[statement] as BetterSqlite3.Statement<SqlValue[]>).run(...values); // An index of the texts beside it.
        if (index === 0 && changes === 0) return false;
      }
      return true;
    });
    commit.run();
    return stored;
  } catch {
    // Whoever asked does the work the other way, and meets what is wrong there.
    if (connection.inTransaction) rollBack.run();
    return 'undone';
  }
}

function statementOf(text: string): BetterSqlite3.Statement<SqlValue[]> {
  const known = prepared.get(text);
  if (known) return known;
  if (prepared.size >= KEPT_STATEMENTS) prepared.clear();
  const statement = connection.prepare<SqlValue[]>(text);
  prepared.set(text, statement);
  return statement;
}
