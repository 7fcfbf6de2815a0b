import type { Area, Size } from './slide-size.ts';

/** Where the small pictures of a contact sheet lie. */
export interface SheetGrid extends Size {
  cells: Area[];
}

/** Pixels a small picture is wide, and pixels between and around them. */
const CELL_WIDTH = 320;
const GAP = 16;
/** Above this, the sheet gets another row. */
const MAX_COLUMNS = 5;

/** A grid for `count` slides of one size: rows as full as they can be, nothing overlapping, a gap all around. */
export function sheetGrid(count: number, slide: Size): SheetGrid {
  const rows = Math.ceil(count / MAX_COLUMNS);
  const columns = Math.ceil(count / rows);
  const height = Math.max(1, Math.round((CELL_WIDTH * slide.height) / slide.width));
  const cells = Array.from({ length: count }, (_, index) => ({
    left: GAP + (index % columns) * (CELL_WIDTH + GAP),
    top: GAP + Math.floor(index / columns) * (height + GAP),
    width: CELL_WIDTH,
    height,
  }));
  return { width: GAP + columns * (CELL_WIDTH + GAP), height: GAP + rows * (height + GAP), cells };
}
