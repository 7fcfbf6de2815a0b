import type { BenchRow } from './row.ts';

/** Rows as a table of text, figures to the right. */
export function formatRows(rows: readonly BenchRow[]): string {
  const header = ['name', 'value', 'unit', 'target', 'ok'];
  const lines = rows.map((row) => [
    row.name,
    formatValue(row.value),
    row.unit,
    String(row.target ?? '-'),
    row.ok ? 'yes' : 'NO',
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const format = (line: readonly string[]) =>
    line
      .map((cell, column) => (column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [header, widths.map((width) => '-'.repeat(width)), ...lines].map(format).join('\n');
}

/** Four digits that matter, never an exponent. */
function formatValue(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 4, useGrouping: false });
}
