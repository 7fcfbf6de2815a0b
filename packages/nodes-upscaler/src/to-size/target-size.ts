import { NonRetryableError } from '@imaginarium/node-sdk';

/** Pixels. */
export interface Size {
  width: number;
  height: number;
}

/** The long side of the screens that people name, in pixels. */
export const LONG_SIDES = { '2k': 2048, '4k': 3840, '8k': 7680 } as const;

/** What a person asked for. */
export interface SizeWish {
  target: keyof typeof LONG_SIDES | 'custom';
  /** Pixels, for `custom`; 0 is as much as the other side gives. */
  width: number;
  height: number;
}

/**
 * The size of a picture that is made to fit a target, in its own shape.
 * @throws {NonRetryableError} when neither width nor height was given.
 */
export function targetSize(picture: Size, { target, width, height }: SizeWish): Size {
  if (target === 'custom' && width === 0 && height === 0)
    throw new NonRetryableError('width, height: expected at least one above 0, received 0 and 0.');
  const factor =
    target === 'custom'
      ? Math.min(
          width === 0 ? Number.POSITIVE_INFINITY : width / picture.width,
          height === 0 ? Number.POSITIVE_INFINITY : height / picture.height,
        )
      : LONG_SIDES[target] / Math.max(picture.width, picture.height);
  const side = (length: number) => Math.max(1, Math.round(length * factor));
  return { width: side(picture.width), height: side(picture.height) };
}

/**
 * The ways through networks that are needed to make a picture at least so large; none when it is large enough.
 * @throws {NonRetryableError} when that is more than 16 times.
 */
export function passesTo(name: string, picture: Size, size: Size): readonly (2 | 4)[] {
  const factor = Math.max(size.width / picture.width, size.height / picture.height);
  if (factor > 16)
    throw new NonRetryableError(
      `${name} has ${picture.width} x ${picture.height} pixels; ${size.width} x ${size.height} is more than 16 times as much a side. Ask for less.`,
    );
  if (factor <= 1) return [];
  if (factor <= 2) return [2];
  if (factor <= 4) return [4];
  return factor <= 8 ? [4, 2] : [4, 4];
}
