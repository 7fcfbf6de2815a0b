import { afterEach, describe, expect, test, vi } from 'vitest';
import { expectOk } from './http.ts';

const NOW = Date.parse('1994-11-06T08:49:07Z');

/** Milliseconds that an answer asks to be left alone for; `refused` where it does not. */
function asked(status: number, retryAfter?: string): unknown {
  const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
  try {
    return expectOk({ status, url: 'https://api.example.com/', headers, body: new Uint8Array(), bytes: 0 }, NOW);
  } catch (error) {
    return (error as { afterMs?: number }).afterMs ?? 'refused';
  }
}

describe('Retry-After', () => {
  afterEach(() => void vi.unstubAllEnvs());

  test.each(['UTC', 'America/New_York', 'Asia/Kolkata'])(
    'is read in every form that HTTP knows, on a machine in %s',
    (zone) => {
      vi.stubEnv('TZ', zone);
      const dates = ['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'];
      expect(dates.map((date) => asked(503, date))).toEqual([30_000, 30_000, 30_000]);
      expect(['30', ' 30 ', '0', '1.5'].map((seconds) => asked(429, seconds))).toEqual([30_000, 30_000, 0, 1500]);
    },
  );

  test('asks for nothing where it is neither seconds nor a date, for nothing more once it is past, and for a day at most', () => {
    expect(['-1', '30s', 'soon', '', 'Nov'].map((said) => asked(503, said))).toEqual(Array(5).fill('refused'));
    expect(asked(429, 'soon')).toBe(0);
    expect(asked(503, 'Sun, 06 Nov 1994 08:00:00 GMT')).toBe(0);
    expect([asked(503, '99999999'), asked(503, 'Sun, 06 Nov 2094 08:49:37 GMT')]).toEqual([86_400_000, 86_400_000]);
  });
});
