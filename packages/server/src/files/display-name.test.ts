import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentDisposition, displayName } from './display-name.ts';

test('a shown name is never empty, never a path, and holds nothing that a header or a terminal would act on', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (given) => {
      const name = displayName(given);
      expect(name.length).toBeGreaterThan(0);
      expect(name.length).toBeLessThanOrEqual(255);
      expect(name).not.toMatch(/[\p{Cc}/\\\u202e]|^\.\.?$/u);
      expect(displayName(name)).toBe(name);
    }),
  );
});

test('a download header holds any name, in plain characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (given) => {
      const header = contentDisposition('attachment', given);
      expect(header).toMatch(/^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''[\w.!~%-]*$/);
      const encoded = header.split("UTF-8''")[1] ?? '';
      expect(decodeURIComponent(encoded)).toBe(displayName(given).toWellFormed());
    }),
  );
});
