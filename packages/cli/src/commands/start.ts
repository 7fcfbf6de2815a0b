import { composeServer } from '@imaginarium/server/compose';
import { loadConfig } from '@imaginarium/server/config';
import type { Command } from 'commander';
import { editorFolder, nodePackages, VERSION } from '../installed.ts';
import { serve } from '../serve.ts';

interface StartOptions {
  host?: string;
  port?: string;
  data?: string;
  /** False for `--no-worker`. */
  worker: boolean;
}

export function addStartCommand(program: Command): void {
  program
    .command('start')
    .description('Start the server and the editor')
    .option('--host <address>', 'address to listen on (IMAGINARIUM_HOST, default 127.0.0.1: this machine only)')
    .option('--port <number>', 'port to listen on (IMAGINARIUM_PORT, default 4680)')
    .option('--data <folder>', 'folder for the database, files and outputs (IMAGINARIUM_DATA_DIR, default ./data)')
    .option('--no-worker', 'execute no runs here, and leave them to `imaginarium worker`')
    .action(start);
}

async function start({ host, port, data, worker }: StartOptions): Promise<void> {
  const startedAt = performance.now() - process.uptime() * 1000;
  // A person at a terminal reads sentences; the log of every request is for machines.
  const quiet = process.stderr.isTTY ? { IMAGINARIUM_LOG_LEVEL: 'warn' } : {};
  const config = loadConfig({ ...quiet, ...process.env }, { host, port, dataDir: data });
  const installed = {
    packages: await nodePackages(config.nodePackages),
    ...{ version: VERSION, editorFolder: editorFolder() },
  };
  const server = await composeServer(config, installed, { withWorker: worker });
  await serve(server, config, startedAt);
}
