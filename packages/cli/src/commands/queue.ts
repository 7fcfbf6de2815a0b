import { userInfo } from 'node:os';
import { styleText } from 'node:util';
import type { QueueState } from '@imaginarium/protocol';
import { loadConfig } from '@imaginarium/server/config';
import { openQueueRecord } from '@imaginarium/server/open-queue-record';
import type { Command } from 'commander';

interface QueueOptions {
  data?: string;
  json?: boolean;
}

export function addQueueCommand(program: Command): void {
  const queue = program.command('queue').description('Look at the queue, and pause or resume it');
  const add = (name: string, description: string, change: 'pause' | 'resume' | undefined) =>
    queue
      .command(name, { isDefault: change === undefined })
      .description(description)
      .option('--data <folder>', 'data folder of the server (IMAGINARIUM_DATA_DIR)')
      .option('--json', 'print the queue as JSON')
      .action((options: QueueOptions) => show(options, change));
  add('status', 'What waits, and which workers are there', undefined);
  add('pause', 'Let no run begin, on any worker, until it is resumed; those that have begun go on', 'pause');
  add('resume', 'Let runs begin again', 'resume');
}

/** Works on the record itself, so that it does so too while no server is there. */
async function show({ data, json }: QueueOptions, change: 'pause' | 'resume' | undefined): Promise<void> {
  const record = await openQueueRecord(loadConfig(process.env, { dataDir: data }));
  try {
    if (change === 'pause') await record.pause(`${userInfo().username} at a terminal`);
    if (change === 'resume') await record.resume();
    const state = await record.state();
    console.log(json ? JSON.stringify(state) : inWords(state));
  } finally {
    await record.close();
  }
}

function inWords({ paused, workspaces, workers, missing }: QueueState): string {
  const sum = (name: 'queued' | 'running' | 'waiting' | 'delayed') =>
    workspaces.reduce((total, load) => total + load[name], 0);
  return [
    paused
      ? `${styleText('yellow', 'The queue is paused')} by ${paused.by}, since ${paused.at}.`
      : 'The queue is not paused.',
    `${sum('queued')} queued, ${sum('running')} running, ${sum('waiting')} waiting, ${sum('delayed')} for later.`,
    ...workspaces.flatMap(({ name, paused: own }) => (own ? [`${name} is paused by ${own.by}, since ${own.at}.`] : [])),
    ...(workers.length === 0 ? [styleText('yellow', 'No worker is there.')] : []),
    ...workers.map(({ id, running, concurrency, packages }) => {
      const names = packages.map(({ name, version }) => `${name} ${version}`).join(', ');
      return `Worker ${id}: ${running} of ${concurrency} runs; ${names}`;
    }),
    ...missing.map(({ packages, nodeTypes, runs }) => {
      const what = packages.length > 0 ? packages.join(', ') : nodeTypes.join(', ');
      return styleText('red', `No worker has ${what}: ${runs} ${runs === 1 ? 'run waits' : 'runs wait'} for it.`);
    }),
  ].join('\n');
}
