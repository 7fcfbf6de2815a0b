import { loadConfig } from '@imaginarium/server/config';
import { openLeftoverFiles } from '@imaginarium/server/open-leftover-files';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';

interface SweepOptions {
  uploadedBefore?: string;
  remove?: boolean;
  data?: string;
}

export function addFilesCommand(program: Command): void {
  program
    .command('files')
    .description('Remove files that nothing names any more')
    .command('sweep')
    .description('Count files that no run, workflow or asset names, uploads from before a day included')
    .option('--uploaded-before <day>', 'the day, such as 2026-06-01, in UTC')
    .option('--remove', 'remove them: a server frees their bytes within a day')
    .option('--data <folder>', 'data folder of the server (IMAGINARIUM_DATA_DIR)')
    .action(sweep);
}

async function sweep({ uploadedBefore = '', remove, data }: SweepOptions): Promise<void> {
  const day = new Date(uploadedBefore);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(uploadedBefore) || Number.isNaN(day.getTime()))
    throw new CliError(`--uploaded-before: expected a day such as 2026-06-01, received "${uploadedBefore}".`, 2);
  const leftover = await openLeftoverFiles(loadConfig(process.env, { dataDir: data }), day);
  try {
    const { files, bytes } = await leftover.count();
    const told = `${files} ${files === 1 ? 'file' : 'files'} of ${(bytes / 1e6).toFixed(1)} MB`;
    if (files === 0) console.log('Every file is named by something, or was uploaded later.');
    else if (remove)
      console.log(`${await leftover.disown()} of ${told} removed. A server frees the bytes within a day.`);
    else console.log(`${told} are named by nothing. To remove them, add --remove; make a backup first.`);
  } finally {
    await leftover.close();
  }
}
