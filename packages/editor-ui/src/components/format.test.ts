import { expect, test } from 'vitest';
import { formatBytes, formatDuration, formatFileSize, formatRelativeTime } from './format.ts';

test.each([
  [0, '0 ms'],
  [340.4, '340 ms'],
  [4210, '4.2 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min'],
  [80_000, '1 min 20 s'],
  [3_599_700, '1 h'],
  [7_500_000, '2 h 5 min'],
])('says %d ms as %s', (ms, words) => {
  expect(formatDuration(ms)).toBe(words);
});

test.each([
  [820, '820 B'],
  [14_230, '14.2 kB'],
  [999_999, '1000 kB'],
  [3_100_000, '3.1 MB'],
  [324_000_000, '324 MB'],
])('says %d bytes as %s', (bytes, words) => {
  expect(formatBytes(bytes)).toBe(words);
});

test('says the pixels of a file where it has any', () => {
  expect(formatFileSize({ width: 5200, height: 3467, bytes: 3_100_000 })).toBe('5200 × 3467 · 3.1 MB');
  expect(formatFileSize({ bytes: 820 })).toBe('820 B');
});

test('says how long ago a moment was', () => {
  const now = Date.UTC(2026, 10, 21, 12);
  expect(formatRelativeTime(now - 20_000, now)).toBe('now');
  expect(formatRelativeTime(now - 5 * 60_000, now)).toBe('5 minutes ago');
  expect(formatRelativeTime(now - 26 * 3_600_000, now)).toBe('yesterday');
});
