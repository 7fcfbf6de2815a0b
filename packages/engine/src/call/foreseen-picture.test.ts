import type { FileRef } from '@imaginarium/protocol';
import { expect, it } from 'vitest';
import { pictureInParams } from './foreseen-picture.ts';

const file = (width?: number, height?: number): FileRef => ({
  ...{ id: 'a'.repeat(64), kind: 'image', mime: 'image/png', bytes: 1, name: 'a.png' },
  ...(width && height ? { width, height } : {}),
});

it('takes one picture for all of a list, with as many pixels as they have on average', () => {
  const icons = Array.from({ length: 19 }, () => file(100, 100));
  const size = pictureInParams({ images: [file(6000, 4000), ...icons] });
  const pixels = (size?.width ?? 0) * (size?.height ?? 0) * 20;
  expect(Math.abs(pixels / (24e6 + 190_000) - 1)).toBeLessThan(0.01);
});

it('keeps the size of a single one, and of two params the larger, and knows nothing of files without a size', () => {
  expect(pictureInParams({ image: file(640, 480) })).toEqual({ width: 640, height: 480 });
  expect(pictureInParams({ a: file(10, 10), b: file(640, 480) })).toEqual({ width: 640, height: 480 });
  expect(pictureInParams({ image: file(), text: 'no' })).toBeUndefined();
});
