import { styleText } from 'node:util';
import { composeWorker, type RunningWorker } from '@imaginarium/server/compose';
import { type Config, loadConfig } from '@imaginarium/server/config';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { nodePackages, VERSION } from '../installed.ts';
import { GRACE_MS, stopOnSignals } from '../stop-on-signals.ts';

export function addWorkerCommand(program: Command): void {
  program
    .command('worker')
    .description('Execute runs beside a server that shares a queue and a database with this worker')
    .option('--data <folder>', 'folder for files and outputs, the same as the server has (IMAGINARIUM_DATA_DIR)')
    .action(work);
}

async function work({ data }: { data?: string }): Promise<void> {
  const quiet = process.stderr.isTTY ? { IMAGINARIUM_LOG_LEVEL: 'warn' } : {};
  const config = loadConfig({ ...quiet, ...process.env }, { dataDir: data });
  const worker = await composeWorker(config, { packages: await nodePackages(config.nodePackages), version: VERSION });
  const health = await start(worker, config);
  console.log(`${styleText('bold', 'The worker is ready')} and executes ${config.concurrency} runs at the same time.`);
  console.log(`Data is kept in ${config.dataDir}`);
  if (health) console.log(`It answers about its health at ${health}/readyz`);
  for (const problem of worker.problems) console.warn(styleText('yellow', problem));
  console.log('Press Ctrl+C to stop.');
  stopOnSignals(() => worker.stop(GRACE_MS));
}

async function start(worker: RunningWorker, { workerPort }: Config): Promise<string | null> {
  try {
    return await worker.start();
  } catch (error) {
    await worker.stop(0);
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new CliError(
      `IMAGINARIUM_WORKER_PORT: port ${workerPort} is taken: another program listens there. Give each worker of a machine a port of its own.`,
    );
  }
}
