import { expect, test } from 'vitest';
import { formatRows } from './table.ts';

test('lines figures up and says which target was missed', () => {
  const rows = [
    { name: 'validate 1,000 nodes', value: 12.3456, unit: 'ms', target: '< 50', ok: true },
    { name: 'runs', value: 2950, unit: 'runs/s', target: '> 3000', ok: false },
    { name: 'idle memory', value: 120, unit: 'MB', target: null, ok: true },
  ];
  expect(formatRows(rows)).toBe(
    [
      'name                  value  unit    target  ok',
      '--------------------  -----  ------  ------  ---',
      'validate 1,000 nodes  12.35  ms      < 50    yes',
      'runs                   2950  runs/s  > 3000  NO',
      'idle memory             120  MB      -       yes',
    ].join('\n'),
  );
});
