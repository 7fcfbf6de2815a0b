import { mkdtemp, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CliError } from './cli-error.ts';

/**
 * Finds out, before hours of work, whether results can be saved in a folder. Nothing of it stays: the folder itself is made with the first
 * result.
 * @throws {CliError} that says why not.
 */
export async function refuseUnwritable(folder: string): Promise<void> {
  try {
    let above = resolve(folder);
    while (!(await stat(above).catch(missing))) above = dirname(above);
    await rm(await mkdtemp(join(above, '.imaginarium-')), { recursive: true });
  } catch (cause) {
    throw new CliError(
      `Results cannot be saved in ${folder}: ${(cause as Error).message}. Choose another place with --out.`,
      2,
      { cause },
    );
  }
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
