import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../testing/run-cli.ts';

it('imaginarium files sweep says what it found, and what it cannot read', async () => {
  const data = await mkdtemp(join(tmpdir(), 'imaginarium-sweep-'));
  const sweep = (...args: string[]) => runCli(['files', 'sweep', '--data', data, ...args]);
  expect(await sweep('--uploaded-before', '2026-13-01')).toEqual({
    ...{ code: 2, output: '--uploaded-before: expected a day such as 2026-06-01, received "2026-13-01".\n' },
  });
  expect(await sweep('--uploaded-before', '2026-06-01', '--remove')).toEqual({
    ...{ code: 0, output: 'Every file is named by something, or was uploaded later.\n' },
  });
  await rm(data, { recursive: true });
});
