import { spawnSync } from 'node:child_process';
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

/** Prints the packages that have been loaded once all commands are known, and the parts of Node that only `fetch` and its like need. */
const LOADED = `
  await import(${JSON.stringify(new URL('main.ts', import.meta.url).href)});
  const { _cache: files } = (await import('node:module')).default;
  const packages = Object.keys(files).map((file) => /.*node_modules.((?:@[^/\\\\]+.)?[^/\\\\]+)/.exec(file)?.[1]);
  const parts = process.moduleLoadList.filter((name) => name.includes('undici'));
  console.log(JSON.stringify([...new Set([...packages, ...parts])]));`;

it('loads nothing for a server that many servers never need', () => {
  const args = ['--conditions=@imaginarium/source', '--input-type=module', '--eval', LOADED];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const loaded: string[] = JSON.parse(stdout);
  expect(loaded).toContain('typeorm');
  const needless = ['bullmq', 'ioredis', 'pg', 'xmlhttprequest-ssl', 'NativeModule internal/deps/undici/undici'];
  expect(needless.filter((name) => loaded.includes(name))).toEqual([]);
});
