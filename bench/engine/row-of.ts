import type { BenchRow } from '../row.ts';

/** A row; without a target it only informs. */
export function benchRow(
  name: string,
  value: number,
  unit: string,
  target: BenchRow['target'] = null,
  ok = true,
): BenchRow {
  return { name, value, unit, target, ok };
}
