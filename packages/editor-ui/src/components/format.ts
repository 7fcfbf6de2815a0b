import type { FileRef } from '@imaginarium/protocol';

const LANGUAGE = 'en';

const relative = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: 'auto' });
const clock = new Intl.DateTimeFormat(LANGUAGE, { timeStyle: 'medium', hourCycle: 'h23' });
const dayOnly = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium', timeZone: 'UTC' });
const exact = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium', timeStyle: 'medium' });

const units: [unit: Intl.RelativeTimeFormatUnit, ms: number][] = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** "now", "5 minutes ago", "yesterday". Both times in milliseconds. */
export function formatRelativeTime(moment: number, now: number): string {
  const elapsed = moment - now;
  for (const [unit, ms] of units) if (Math.abs(elapsed) >= ms) return relative.format(Math.trunc(elapsed / ms), unit);
  return relative.format(0, 'second');
}

/** "Nov 21, 2026, 1:54:07 PM". */
export function formatExactTime(moment: number): string {
  return exact.format(moment);
}

/** "Dec 1, 2026": a day of the server, which counts in UTC. */
export function formatDay(day: string): string {
  return dayOnly.format(Date.parse(day));
}

/** "13:54:07". */
export function formatClock(moment: number): string {
  return clock.format(moment);
}

/** "340 ms", "4.2 s", "1 min 20 s", "2 h 5 min". */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return join(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

/** "820 B", "14.2 kB", "3.1 MB". Units of 1000, as file managers show. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), 4);
  const amount = bytes / 1000 ** power;
  return `${amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${['B', 'kB', 'MB', 'GB', 'TB'][power]}`;
}

/** "5200 × 3467 · 3.1 MB": the pixels of a file, where it has any, and its bytes. */
export function formatFileSize({ width, height, bytes }: Pick<FileRef, 'width' | 'height' | 'bytes'>): string {
  return [...(width && height ? [`${width} × ${height}`] : []), formatBytes(bytes)].join(' · ');
}

/** "IDR 6,000": what credits are worth in a currency. */
export function formatMoney(credits: number, { code, perCredit }: { code: string; perCredit: number }): string {
  const money = new Intl.NumberFormat(LANGUAGE, { style: 'currency', currency: code, maximumFractionDigits: 2 });
  return money.format(credits * perCredit);
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
