import { NonRetryableError } from '@imaginarium/node-sdk';

/** Shapes that people name, as width and height. */
export const SHAPES = {
  '1:1': [1, 1],
  '4:5': [4, 5],
  '2:3': [2, 3],
  '3:2': [3, 2],
  '4:3': [4, 3],
  '16:9': [16, 9],
  '9:16': [9, 16],
} as const;

/**
 * The largest piece of a shape that fits into a picture, made smaller by `share`.
 * @param share 0 to 1: 1 is the largest.
 */
export function cropSize(
  picture: { width: number; height: number },
  [across, down]: readonly [number, number],
  share: number,
): { width: number; height: number } {
  const factor = Math.min(picture.width / across, picture.height / down) * share;
  const side = (length: number, most: number) => Math.min(most, Math.max(1, Math.round(length * factor)));
  return { width: side(across, picture.width), height: side(down, picture.height) };
}

/**
 * Reads a shape of one's own.
 * @throws {NonRetryableError} when it is none.
 */
export function readShape(text: string): [number, number] {
  const [across, down, ...rest] = text.split(':').map((part) => Number(part.trim()));
  const isShape = [across, down].every((side) => side !== undefined && side > 0 && side <= 10_000) && rest.length === 0;
  if (!isShape) throw new NonRetryableError(`ratio: expected two numbers above 0 such as 5:7, received "${text}".`);
  return [across ?? 1, down ?? 1];
}
