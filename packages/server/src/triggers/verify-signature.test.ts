import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { signatureProblem } from './verify-signature.ts';

const NOW = Date.parse('2026-11-21T12:00:00.000Z');
const key = Buffer.alloc(32, 7);
const body = Buffer.from('{}');

describe('the time of a signature', () => {
  const problemAt = (seconds: number) => {
    const timestamp = String(NOW / 1000 + seconds);
    const signature = `v1,${createHmac('sha256', key).update(`msg_1.${timestamp}.`).update(body).digest('base64')}`;
    return signatureProblem({ id: 'msg_1', timestamp, signature, body }, key, NOW);
  };

  test.each([-300, 0, 300])('may be %i seconds from now', (seconds) => {
    expect(problemAt(seconds)).toBeUndefined();
  });

  test.each([-301, 301])('may not be %i seconds from now', (seconds) => {
    expect(problemAt(seconds)).toMatch(
      /^webhook-timestamp: expected seconds since 1970, at most five minutes from now/,
    );
  });
});
