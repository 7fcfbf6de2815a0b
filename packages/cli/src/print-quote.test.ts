import type { Quote } from '@imaginarium/protocol';
import { expect, it, vi } from 'vitest';
import { printQuote } from './print-quote.ts';

it('says what a node leaves out under its line, with the command that changes it', () => {
  const node = { node: 'up', name: 'Upscale', items: 1, credits: 15, saved: 0, estimateMs: 900, cache: 'no' } as const;
  const remarks = ['Faces are not restored. Install it with: imaginarium models pull gfpgan-1.4.'];
  const quote: Quote = {
    ...{ total: 15, least: 15, most: 15, bundle: null, estimateMs: 900, measured: true },
    nodes: [{ ...node, remarks }],
  };
  const printed = vi.spyOn(console, 'log').mockReturnValue();
  try {
    printQuote({ quote, currency: { code: 'IDR', perCredit: 100 } }, false);
    expect(printed.mock.calls.flat().join('\n')).toMatch(
      /Upscale +15 {2}1 item\n.*imaginarium models pull gfpgan-1\.4\./,
    );
    printed.mockClear();
    printQuote({ quote, currency: { code: 'IDR', perCredit: 100 } }, true);
    expect(JSON.parse(String(printed.mock.calls[0]))).toMatchObject({ items: [{ name: 'Upscale', remarks }] });
  } finally {
    printed.mockRestore();
  }
});
