import type { Json } from '@imaginarium/node-sdk';

/** Up to 15 digits before the point, which a number keeps exactly; no zero in front, as 007 names something and counts nothing. */
const DECIMAL = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,20})?$/;

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * The number that a value is or plainly spells: 12, "12.50", "-3". Undefined for what only looks like one: "007", "12 €", and digits
 * that a number could not keep apart.
 */
export function asNumber(value: Json): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const written = value.trim();
  const number = Number(written);
  // The second half lets a number through that an expression has turned into text, such as 1e-7.
  return DECIMAL.test(written) || (Number.isFinite(number) && String(number) === written) ? number : undefined;
}

/** The number that a value spells in any way, "007" and 1e5 among them: for where a person has said that it is one. */
export function readNumber(value: Json): number | undefined {
  if (typeof value === 'number') return value;
  const spelled = typeof value === 'string' && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(value.trim());
  const number = spelled ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** Milliseconds since 1970 of a date such as 2026-11-21, with or without a time; without a zone it is UTC. */
export function asTime(value: Json): number | undefined {
  const match = typeof value === 'string' ? DATE.exec(value.trim()) : null;
  if (!match) return undefined;
  const [, year, month, day, time = '00:00', zone = 'Z'] = match;
  const midnight = new Date(`${year}-${month}-${day}T00:00Z`);
  // The 30th of February would otherwise be a day in March.
  if (Number.isNaN(midnight.getTime()) || midnight.getUTCDate() !== Number(day)) return undefined;
  const at = Date.parse(
    `${year}-${month}-${day}T${time}${zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone}`,
  );
  return Number.isNaN(at) ? undefined : at;
}

/** A value in writing: text as it is, nothing as nothing, lists and objects as JSON. */
export function asText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A text in the form that equal texts share: accents are written in two ways, and capitals may not count. */
export function foldText(text: string, ignoreCase: boolean): string {
  const normal = text.normalize('NFC');
  return ignoreCase ? normal.toLowerCase() : normal;
}

/** A value in an error message, cut short. */
export function quoted(value: Json): string {
  const written = JSON.stringify(value);
  return written.length > 60 ? `${written.slice(0, 57)}...` : written;
}
