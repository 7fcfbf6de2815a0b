import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeBlocks, inlineCode, readText, root } from './markdown.ts';

const pages = globSync(['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/**/*.md', 'examples/**/*.md'], {
  cwd: root,
});

describe('settings', () => {
  // The settings of the tests, of the build and of who calls a server are not the server's.
  const elsewhere = new Set([
    ...['IMAGINARIUM_TEST_POSTGRES_URL', 'IMAGINARIUM_DEV_SERVER', 'IMAGINARIUM_SERVER', 'IMAGINARIUM_API_KEY'],
  ]);
  const known = settingsIn(readText('packages/server/src/settings.ts'));

  test.each(pages)('%s names only settings that exist', (page) => {
    const named = settingsIn(readText(page)).filter((name) => !elsewhere.has(name));
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  test('docs/configuration.md names every one', () => {
    const named = settingsIn(readText('docs/configuration.md'));
    expect(known.filter((name) => !named.includes(name))).toEqual([]);
  });
});

describe('commands', () => {
  const commands = knownCommands();

  test.each(pages)('%s names only commands and options that exist', (page) => {
    expect(usesIn(readText(page)).flatMap((use) => refuse(use, commands))).toEqual([]);
  });

  test('docs/guides/command-line.md names every one', () => {
    const guide = readText('docs/guides/command-line.md');
    const sections = new Map(guide.split(/^## /m).map((text) => [text.split('\n', 1)[0], text]));
    for (const [command, options] of commands) {
      const section = sections.get(command) ?? '';
      expect(
        [...options].filter((option) => !inlineCode(section).some((code) => code.split(' ')[0] === option)),
        command,
      ).toEqual([]);
    }
  });

  test('a command or an option that does not exist is found', () => {
    const lies = usesIn(
      '`imaginarium fly` and\n```sh\nnpx imaginarium start --hots x \\\n  --prot 1\nnpm start -- --dta x\n```',
    );
    expect(lies.flatMap((use) => refuse(use, commands))).toEqual([
      'start has no --hots',
      'start has no --prot',
      'start has no --dta',
      'there is no command fly',
    ]);
    expect(usesIn('The command `imaginarium` and\n```sh\nimaginarium --help\n```')).toEqual([]);
  });
});

describe('links', () => {
  test.each(pages)('%s links only to what is there', (page) => {
    const links = [...readText(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const local = links.filter((target) => !/^(https?:|mailto:)/.test(target));
    expect(local.filter((target) => !leadsSomewhere(page, target))).toEqual([]);
  });
});

function settingsIn(text: string): string[] {
  return [...new Set(text.match(/IMAGINARIUM_[A-Z][A-Z_]*[A-Z]/g) ?? [])];
}

/** The options of each command, short ones too, as the command line defines them. */
function knownCommands(): Map<string, Set<string>> {
  const sources = globSync('packages/cli/src/commands/*.ts', { cwd: root }).filter(
    (path) => !path.endsWith('.test.ts'),
  );
  return new Map(
    sources.map(readText).map((text) => {
      const name = /\.command\('(\S+)'\)/.exec(text)?.[1] ?? '';
      const flags = [...text.matchAll(/\.option\(\s*'([^']+)'/g)].flatMap(
        ([, spec = '']) => spec.match(/--?[a-z][\w-]*/g) ?? [],
      );
      return [name, new Set(flags)];
    }),
  );
}

interface Use {
  command: string;
  options: string[];
}

/** How a page calls the command line: in its blocks of commands, and in its prose. */
function usesIn(markdown: string): Use[] {
  const blocks = codeBlocks(markdown).filter(({ language }) => language === 'sh');
  const lines = blocks.flatMap(({ text }) => text.replaceAll(/\\\n/g, ' ').split('\n'));
  return [...lines, ...inlineCode(markdown)].flatMap((line) => {
    const [, command, rest = ''] =
      /(?<![\w/])imaginarium ([a-z][\w-]*)(.*)/.exec(line) ?? /\bnpm (start) --(?= )(.*)/.exec(line) ?? [];
    return command === undefined ? [] : [{ command, options: rest.match(/(?<=\s)--?[a-z][\w-]*/g) ?? [] }];
  });
}

function refuse({ command, options }: Use, commands: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const known = commands.get(command);
  if (!known) return [`there is no command ${command}`];
  return options
    .filter((option) => option !== '--help' && !known.has(option))
    .map((option) => `${command} has no ${option}`);
}

function leadsSomewhere(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#', 2);
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(root, file))) return false;
  return anchor === undefined || anchorsIn(readText(file)).includes(anchor);
}

/** The anchors that headings get where pages are shown. */
function anchorsIn(markdown: string): string[] {
  const headings = [...markdown.matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) => title);
  return headings.map((title) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
