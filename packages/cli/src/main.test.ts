import { afterEach, expect, it, vi } from 'vitest';
import { main } from './main.ts';

afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

it.each([
  { argv: ['--version'], code: 0, what: 'that was asked for its version' },
  { argv: ['upscale', '--help'], code: 0, what: 'that was asked for help' },
  { argv: ['upscale'], code: 2, what: 'that lacks an argument' },
  { argv: ['execute', 'x.json', '--nope'], code: 2, what: 'with an option that it does not know' },
  { argv: ['nope'], code: 2, what: 'that does not exist' },
])('ends a command $what with $code', async ({ argv, code }) => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await main(['node', 'imaginarium', ...argv]);
  expect(process.exitCode).toBe(code);
  expect((code === 0 ? printed : said).mock.calls.length).toBeGreaterThan(0);
});
