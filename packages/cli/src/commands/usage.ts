import { loadConfig } from '@imaginarium/server/config';
import { openBooks } from '@imaginarium/server/open-books';
import type { Command } from 'commander';

export function addUsageCommand(program: Command): void {
  const usage = program
    .command('usage')
    .description('Compare the figures of usage with the ledger, and add them up anew');
  const add = (name: string, description: string, act: (data: string | undefined) => Promise<void>) =>
    usage
      .command(name)
      .description(description)
      .option('--data <folder>', 'data folder of the server (IMAGINARIUM_DATA_DIR)')
      .action(({ data }: { data?: string }) => act(data));
  add('check', 'Say where they differ; they should not', check);
  add('rebuild', 'Add them up anew from the ledger, which stays as it is', rebuild);
}

async function check(data: string | undefined): Promise<void> {
  const books = await openBooks(loadConfig(process.env, { dataDir: data }));
  try {
    const differences = await books.usageDifferences();
    for (const difference of differences) console.log(difference);
    console.log(
      differences.length === 0
        ? 'Usage agrees with the ledger.'
        : 'Usage differs from the ledger. imaginarium usage rebuild adds it up anew.',
    );
    process.exitCode = differences.length === 0 ? 0 : 1;
  } finally {
    await books.close();
  }
}

async function rebuild(data: string | undefined): Promise<void> {
  const books = await openBooks(loadConfig(process.env, { dataDir: data }));
  try {
    const days = await books.rebuildUsage();
    console.log(`Usage was added up anew from the ledger: ${days} ${days === 1 ? 'day' : 'days'}.`);
  } finally {
    await books.close();
  }
}
