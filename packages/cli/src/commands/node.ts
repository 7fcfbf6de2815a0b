import { loadConfig } from '@imaginarium/server/config';
import { listPackages } from '@imaginarium/server/list-packages';
import type { Command } from 'commander';
import { develop } from '../develop-package.ts';
import { nodePackages } from '../installed.ts';
import { packageLines } from '../print-package.ts';

export function addNodeCommand(program: Command): void {
  const node = program.command('node').description('Write node packages, and list those that are there');
  node
    .command('dev')
    .description('Start a server with a node package that is loaded anew whenever its files are saved')
    .argument('[folder]', 'the folder of the package', '.')
    .option('--host <address>', 'address to listen on (IMAGINARIUM_HOST, default 127.0.0.1: this machine only)')
    .option('--port <number>', 'port to listen on (IMAGINARIUM_PORT, default 4680)')
    .option('--data <folder>', 'folder for the database, files and outputs (default: .imaginarium/data in the package)')
    .action(develop);
  node
    .command('list')
    .description('List the node packages of the settings: which are trusted, and what the others may call')
    .option('--json', 'print them as JSON')
    .action(list);
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const config = loadConfig(process.env);
  const listed = await listPackages(config, await nodePackages(config.nodePackages));
  if (json) console.log(JSON.stringify(listed));
  else for (const line of packageLines(listed)) console.log(line);
  process.exitCode = listed.some(({ state }) => state === 'failed') ? 1 : 0;
}
