/** Whether a statement failed because it would have broken the named CHECK, on either database. */
export function isCheckViolation(error: unknown, check: string): boolean {
  if (!(error instanceof Error)) return false;
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code === '23514') return constraint === check;
  return code === 'SQLITE_CONSTRAINT_CHECK' && error.message.includes(check);
}
