/** Some rows, and the first of them. */
export interface ReadPiece<Rows> {
  top: number;
  count: number;
  rows: Rows;
}

/**
 * Reads rows in pieces, each while the one before is worked on: the disk needs no core.
 * @param first the row to begin with.
 * @param end the row to end before.
 * @param most rows of a piece.
 */
export async function* readAhead<Rows>(
  first: number,
  end: number,
  most: number,
  read: (top: number, count: number) => Promise<Rows>,
): AsyncGenerator<ReadPiece<Rows>> {
  const begin = (top: number) => {
    if (top >= end) return undefined;
    const count = Math.min(most, end - top);
    const rows = read(top, count);
    // Told when it is asked for: who stops before does not ask.
    rows.catch(() => undefined);
    return { top, count, rows };
  };
  for (let piece = begin(first); piece; ) {
    const rows = await piece.rows;
    const next = begin(piece.top + most);
    yield { top: piece.top, count: piece.count, rows };
    piece = next;
  }
}
