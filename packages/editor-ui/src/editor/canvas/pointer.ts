import type { Point } from '../document/nodes.ts';

/** Where in the window a mouse or a finger is. */
export function pointOf(event: MouseEvent | TouchEvent | React.MouseEvent): Point {
  const touch = 'changedTouches' in event ? event.changedTouches[0] : event;
  return { x: touch?.clientX ?? 0, y: touch?.clientY ?? 0 };
}
