import { NonRetryableError } from '@imaginarium/node-sdk';

const MS_IN = { seconds: 1000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;
export type TimeUnit = keyof typeof MS_IN;

/** How long a while is, in milliseconds. */
export function msOf(amount: number, unit: TimeUnit): number {
  return amount * MS_IN[unit];
}

/**
 * Reads a moment that people write: a date, or a date and a time, in UTC unless it names another time zone.
 * @throws {NonRetryableError} for anything else.
 */
export function readMoment(text: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?))?\s*(Z|[+-]\d{2}:\d{2})?$/i.exec(
    text.trim(),
  );
  const at = match ? Date.parse(`${match[1]}T${match[2] ?? '00:00'}${match[3]?.toUpperCase() ?? 'Z'}`) : Number.NaN;
  if (Number.isFinite(at)) return new Date(at).toISOString();
  throw new NonRetryableError(
    `Until: expected a moment such as 2026-03-01T09:00 or 2026-03-01T09:00+01:00, received "${text}".`,
  );
}
