/** The middle and the half axes of what counts as face, in shares of the square: from above the brows to below the chin, ear to ear. */
const MIDDLE = { x: 0.5, y: 0.54 } as const;
const REACH = { x: 0.37, y: 0.45 } as const;
/** Within this share of the reach the face is all there; from there on it fades until nothing of it is left at the end. */
const WHOLE = 0.75;

/**
 * How much of a restored face is pasted at a place of its square, 0 to 1: an ellipse with a soft edge, that ends before the square does.
 * @param x, y shares of the square's side.
 */
export function faceMask(x: number, y: number): number {
  const radius = Math.hypot((x - MIDDLE.x) / REACH.x, (y - MIDDLE.y) / REACH.y);
  if (radius <= WHOLE) return 1;
  if (radius >= 1) return 0;
  const left = (1 - radius) / (1 - WHOLE);
  return left * left * (3 - 2 * left);
}
