/** The shapes slides can have, as width : height. */
export const ASPECTS = ['1:1', '4:5', '9:16'] as const;
export type Aspect = (typeof ASPECTS)[number];

export interface Size {
  /** Pixels. */
  width: number;
  height: number;
}

/** A rectangle inside a picture, in whole pixels. */
export interface Area extends Size {
  left: number;
  top: number;
}

const HEIGHT_PER_WIDTH: Record<Aspect, number> = { '1:1': 1, '4:5': 5 / 4, '9:16': 16 / 9 };

/** The size of a slide of a shape and width. */
export function slideSize(aspect: Aspect, width: number): Size {
  return { width, height: Math.round(width * HEIGHT_PER_WIDTH[aspect]) };
}
