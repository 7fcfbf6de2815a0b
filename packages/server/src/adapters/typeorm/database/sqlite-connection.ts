/** What a connection to SQLite is set up with. */
interface Settable {
  pragma(text: string): unknown;
}

/** Sets up a connection to the file of a database. */
export function setUpConnection(connection: Settable): void {
  connection.pragma('journal_mode = WAL');
  // A run that was accepted survives a power cut, not only a crash. Once its tables are there, SqliteTurns sees to that.
  connection.pragma('synchronous = FULL');
  // Pages that many runs change are copied from the log into the file once for all of them, 32 MB of log later, not every 4 MB.
  connection.pragma('wal_autocheckpoint = 8000');
  connection.pragma('cache_size = -16000');
  // What a statement may have to take back is kept in memory: a file for it costs a charge as much as all that it writes.
  connection.pragma('temp_store = MEMORY');
}

/** How long a statement waits for another connection, in milliseconds. */
export const BUSY_TIMEOUT_MS = 5000;
