import type { Area } from '../tiling/tile-grid.ts';
import { CELL_PX, type Survey } from './survey.ts';

/**
 * The shift of colours, but nothing in areas of the source that are meant to differ: a restored face would get back, square by square, what was
 * wrong with the old one.
 */
export function shiftOutside<Shift extends Pick<Survey, 'columns' | 'rows' | 'shift'>>(
  seen: Shift,
  except: readonly Area[],
): Shift {
  const { columns, rows } = seen;
  const shift = seen.shift.slice();
  for (const { left, top, width, height } of except) {
    const [first, last] = [Math.floor(left / CELL_PX), Math.min(columns, Math.ceil((left + width) / CELL_PX))];
    for (let row = Math.floor(top / CELL_PX); row < Math.min(rows, Math.ceil((top + height) / CELL_PX)); row++)
      shift.fill(0, (row * columns + first) * 3, (row * columns + last) * 3);
  }
  return { ...seen, shift };
}
