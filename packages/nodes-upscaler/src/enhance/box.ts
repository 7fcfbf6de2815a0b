/**
 * The mean of the square around each value, `2 * reach + 1` a side. Beyond the edge, values go on as at the edge.
 * Takes as long for a large square as for a small one.
 */
export function boxMean(values: Float32Array, width: number, reach: number): Float32Array {
  const share = 1 / (2 * reach + 1);
  return alongBoth(values, width, (line, result) => {
    const last = line.length - 1;
    let sum = (line[0] as number) * reach; // Lines have a value at least.
    for (let at = 0; at <= reach; at++) sum += line[Math.min(last, at)] as number; // Within bounds, as all below.
    for (let at = 0; at <= last; at++) {
      result[at] = sum * share;
      sum += (line[Math.min(last, at + reach + 1)] as number) - (line[Math.max(0, at - reach)] as number);
    }
  });
}

/** The lowest value in the square around each, `2 * reach + 1` a side. */
export function lowest(values: Float32Array, width: number, reach: number): Float32Array {
  return alongBoth(values, width, (line, result) => {
    for (let at = 0; at < line.length; at++) {
      let low = Number.POSITIVE_INFINITY;
      const end = Math.min(line.length - 1, at + reach);
      for (let other = Math.max(0, at - reach); other <= end; other++) low = Math.min(low, line[other] as number); // Within bounds.
      result[at] = low;
    }
  });
}

/** Works on each row, and then on each column of what came out. */
function alongBoth(
  values: Float32Array,
  width: number,
  work: (line: Float32Array, result: Float32Array) => void,
): Float32Array {
  const height = values.length / width;
  const rows = new Float32Array(values.length);
  for (let y = 0; y < height; y++)
    work(values.subarray(y * width, (y + 1) * width), rows.subarray(y * width, (y + 1) * width));
  const [line, result] = [new Float32Array(height), new Float32Array(height)];
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) line[y] = rows[y * width + x] as number; // Within bounds.
    work(line, result);
    for (let y = 0; y < height; y++) rows[y * width + x] = result[y] as number; // Within bounds.
  }
  return rows;
}
