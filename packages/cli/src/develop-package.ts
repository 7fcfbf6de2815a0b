import { realpathSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { styleText } from 'node:util';
import { composeServer, type ServerOptions } from '@imaginarium/server/compose';
import { loadConfig } from '@imaginarium/server/config';
import { CliError } from './cli-error.ts';
import { editorFolder, nodePackages, VERSION } from './installed.ts';
import { serve } from './serve.ts';

export interface DevOptions {
  host?: string;
  port?: string;
  data?: string;
}

type Report = Parameters<NonNullable<ServerOptions['develop']>['onReport']>[0];

/** Starts a server with a node package that is loaded anew whenever its files are saved. @throws {CliError} */
export async function develop(given: string, { host, port, data }: DevOptions): Promise<void> {
  const startedAt = performance.now() - process.uptime() * 1000;
  const folder = resolve(given);
  const dataDir = data ?? process.env.IMAGINARIUM_DATA_DIR ?? join(folder, '.imaginarium', 'data');
  const config = loadConfig({ IMAGINARIUM_LOG_LEVEL: 'warn', ...process.env }, { host, port, dataDir });
  if (config.queue !== 'embedded')
    throw new CliError(
      `IMAGINARIUM_QUEUE is ${config.queue}: other workers would not have what you save. Leave it out for \`imaginarium node dev\`.`,
      2,
    );
  const others = (await nodePackages(config.nodePackages)).filter((entry) => !isSame(entry.folder, folder));
  const installed = { packages: others, editorFolder: editorFolder(), version: VERSION };
  const server = await composeServer(config, installed, { develop: { folder, onReport: tell } });
  console.log(`Watching ${relative('.', folder) || 'this folder'}: save a file and its nodes are loaded anew.`);
  await serve(server, config, startedAt);
}

/** A package that comes with the command line, or is set, may be the one that is written. */
function isSame(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}

function tell(report: Report): void {
  const time = styleText('dim', new Date().toLocaleTimeString());
  if (report.ok) {
    const { name, version, types, durationMs } = report;
    console.log(
      `${time} ${styleText('green', 'loaded')} ${name} ${version} in ${Math.round(durationMs)} ms: ${types.join(', ') || 'no nodes yet'}`,
    );
    return;
  }
  console.error(`${time} ${styleText('red', 'not loaded')} ${report.name}: ${report.error}`);
  if (report.keeps) console.error(`${' '.repeat(9)}The nodes stay as they were before.`);
}
