/** Whether a statement failed because it would have broken the named CHECK, or what a trigger of that name checks, on either database. */
export function isCheckViolation(error: unknown, check: string): boolean {
  if (!(error instanceof Error)) return false;
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code === '23514') return constraint === check;
  return /^SQLITE_CONSTRAINT_(CHECK|TRIGGER)$/.test(code ?? '') && error.message.includes(check);
}

/**
 * Whether a statement failed because rows of the named table went, or came into use, at the same moment. SQLite does one thing after the
 * other, where this cannot happen.
 */
export function isKeyViolation(error: unknown, table: string): boolean {
  if (!(error instanceof Error)) return false;
  const { code, detail = '' } = error as { code?: string; detail?: string };
  return code === '23503' && `${error.message} ${detail}`.includes(`"${table}"`);
}
