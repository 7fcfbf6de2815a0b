import { styleText } from 'node:util';
import { loadConfig } from '@imaginarium/server/config';
import { listPackages } from '@imaginarium/server/list-packages';
import type { Command } from 'commander';
import { nodePackages } from '../installed.ts';

type Listed = Awaited<ReturnType<typeof listPackages>>[number];

export function addNodeListCommand(node: Command): void {
  node
    .command('list')
    .description('List the node packages of the settings: which are trusted, and what the others may call')
    .option('--json', 'print them as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const config = loadConfig(process.env);
      const listed = await listPackages(config, await nodePackages(config.nodePackages));
      if (json) console.log(JSON.stringify(listed));
      else for (const line of asLines(listed)) console.log(line);
      process.exitCode = listed.some(({ state }) => state === 'failed') ? 1 : 0;
    });
}

function asLines(listed: readonly Listed[]): string[] {
  const names = listed.map(({ name, version }) => `${name} ${version}`);
  const width = Math.max(...names.map((name) => name.length));
  return listed.map((entry, index) => {
    const { state, types, error, confined } = entry;
    const trust = (confined ? 'confined' : 'trusted').padEnd(8);
    const what = state === 'loaded' ? `${types.length} node types` : styleText('red', `not loaded: ${error}`);
    const calls = confined && confined.net.length > 0 ? `, may call ${confined.net.join(', ')}` : '';
    return `${names[index]?.padEnd(width)}  ${trust}  ${what}${calls}`;
  });
}
