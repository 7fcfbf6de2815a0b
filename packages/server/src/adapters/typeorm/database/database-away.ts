/** The database does not answer, or has ended the connection: the same work may succeed once it is back. */
export class DatabaseAwayError extends Error {
  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`The database does not answer: ${reason}`, { cause });
    this.name = 'DatabaseAwayError';
  }
}

/** What the system says of a server that is not there, or has gone. */
const SYSTEM_CODES = ['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND'];
/** What PostgreSQL says when it stops, starts, recovers or has too many connections; class 08 are broken connections. */
const POSTGRES_CODES = /^(57P0[1235]|53300|08\w{3})$/;
/** What its driver says without a code. */
const DRIVER_WORDS = /connection terminated|not queryable|timeout exceeded when trying to connect/i;

/** Whether an error of PostgreSQL's driver says that the server is away, rather than what is wrong with a statement. */
export function saysAway(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(saysAway);
  if (!(error instanceof Error)) return false;
  // TypeORM lets go of a connection that broke, and says so to whoever still has work for it.
  if (error.name === 'QueryRunnerAlreadyReleasedError') return true;
  const { code, driverError, cause } = error as Error & { code?: unknown; driverError?: unknown };
  if (typeof code === 'string' && (SYSTEM_CODES.includes(code) || POSTGRES_CODES.test(code))) return true;
  return DRIVER_WORDS.test(error.message) || saysAway(driverError) || saysAway(cause);
}
