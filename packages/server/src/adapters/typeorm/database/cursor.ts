import { BadCursorError } from '../../../runs/run-list.ts';

/** A place in a list that is sorted by age, the newest first. */
export interface Place {
  createdAt: string;
  id: string;
}

/** Writes a place as text that callers pass back and have no reason to read. */
export function writeCursor({ createdAt, id }: Place): string {
  return Buffer.from(`${createdAt} ${id}`).toString('base64url');
}

/**
 * Reads what {@link writeCursor} wrote.
 * @param isId what the ids of this list look like.
 * @throws {BadCursorError} for anything else.
 */
export function readCursor(cursor: string, isId: (id: string) => boolean): Place {
  const [createdAt = '', id = '', ...rest] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(createdAt) && !Number.isNaN(Date.parse(createdAt));
  const place = { createdAt, id };
  if (!isMoment || !isId(id) || rest.length > 0 || writeCursor(place) !== cursor) throw new BadCursorError();
  return place;
}

/** Splits rows that were read with one more than asked for: the page, and the cursor of the next one if there is any. */
export function pageOf<Row>(rows: Row[], limit: number, placeOf: (row: Row) => Place) {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { page, nextCursor: rows.length > limit && last !== undefined ? writeCursor(placeOf(last)) : null };
}
