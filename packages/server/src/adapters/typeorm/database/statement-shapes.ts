import type { Fragment, SqlPart, SqlValue } from './sql.ts';

/** Written out for a database. */
export interface Written {
  statement: string;
  /** Whether its text depends on how long a list is. */
  hasLists: boolean;
}

/** A place on the way through the parts of statements: those that begin alike go the same way. */
interface Place<Kept> {
  next: Map<unknown, Place<Kept>>;
  kept?: Kept;
}

/** Stands where a fragment ends. */
const END = Symbol('end');

/**
 * Finds what is kept for a statement by the templates that it is made of, which are the same objects each time. Its text is written once: to
 * write it anew and look it up by that takes longer than SQLite takes for many a statement.
 */
export class StatementShapes<Kept> {
  readonly #most: number;
  readonly #numbered: boolean;
  readonly #make: (written: Written) => Kept;
  #first: Place<Kept> = { next: new Map() };
  #count = 0;

  /**
   * @param most statements that are kept; one more, and it begins anew.
   * @param numbered whether places of parameters are numbered, as PostgreSQL has them.
   * @param make called for a statement that is not kept yet.
   */
  constructor(most: number, numbered: boolean, make: (written: Written) => Kept) {
    this.#most = most;
    this.#numbered = numbered;
    this.#make = make;
  }

  /** What is kept for a statement, and its values in their order. */
  find(whole: Fragment): { kept: Kept; parameters: SqlValue[] } {
    const parameters: SqlValue[] = [];
    let place = follow(this.#first, whole, parameters);
    if (place.kept === undefined) {
      if (this.#count >= this.#most) {
        this.#first = { next: new Map() };
        this.#count = 0;
        place = follow(this.#first, whole, []);
      }
      this.#count++;
      place.kept = this.#make(write(whole, this.#numbered));
    }
    return { kept: place.kept, parameters };
  }
}

function follow<Kept>(from: Place<Kept>, { text, values }: Fragment, parameters: SqlValue[]): Place<Kept> {
  let place = step(from, text);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as SqlPart; // The index is below the length.
    if (isPlain(value)) {
      parameters.push(value);
      continue;
    }
    place = step(place, index);
    if (!Array.isArray(value)) place = follow(place, value as Fragment, parameters);
    else {
      place = step(place, -1 - value.length);
      for (const entry of value as readonly (SqlValue | Fragment)[])
        if (isPlain(entry)) parameters.push(entry);
        else place = follow(place, entry, parameters);
    }
  }
  return step(place, END);
}

function step<Kept>({ next }: Place<Kept>, by: unknown): Place<Kept> {
  const known = next.get(by);
  if (known) return known;
  const place: Place<Kept> = { next: new Map() };
  next.set(by, place);
  return place;
}

function isPlain(value: SqlPart): value is SqlValue {
  return typeof value !== 'object' || value === null || value instanceof Uint8Array;
}

function write(whole: Fragment, numbered: boolean): Written {
  let count = 0;
  let hasLists = false;
  const place = (value: SqlValue | Fragment): string => {
    if (!isPlain(value)) return textOf(value);
    count++;
    return numbered ? `$${count}` : '?';
  };
  const textOf = ({ text, values }: Fragment): string => {
    let statement = text[0] ?? '';
    for (const [index, value] of values.entries()) {
      hasLists ||= Array.isArray(value);
      statement += Array.isArray(value) ? value.map(place).join(', ') : place(value as SqlValue | Fragment);
      statement += text[index + 1];
    }
    return statement;
  };
  return { statement: textOf(whole), hasLists };
}
