import { networkInterfaces } from 'node:os';
import { styleText } from 'node:util';
import type { RunningServer } from '@imaginarium/server/compose';
import type { Config } from '@imaginarium/server/config';
import { CliError } from './cli-error.ts';
import { GRACE_MS, stopOnSignals } from './stop-on-signals.ts';

/**
 * Has a server listen, tells where, and stops it at a signal.
 * @param startedAt when the process began, on the clock of `performance.now()`.
 * @throws {CliError} when the address cannot be listened on, with the remedy.
 */
export async function serve(server: RunningServer, config: Config, startedAt: number): Promise<void> {
  const address = await listen(server, config.host, config.port);
  // First, for whoever reads that it is ready may ask it to stop at once.
  stopOnSignals(() => server.stop(GRACE_MS));
  announce(server, address, config.dataDir, (performance.now() - startedAt) / 1000);
}

async function listen(server: RunningServer, host: string, port: number): Promise<string> {
  try {
    return await server.listen();
  } catch (error) {
    await server.stop(0);
    switch ((error as NodeJS.ErrnoException).code) {
      case 'EADDRINUSE':
        throw new CliError(
          `Port ${port} is taken: another program listens there. Stop it, or choose another port: imaginarium start --port ${port + 1}`,
        );
      case 'EACCES':
        throw new CliError(
          `Port ${port} may not be opened by this user. Choose one above 1023: imaginarium start --port 4680`,
        );
      case 'EADDRNOTAVAIL':
      case 'ENOTFOUND':
        throw new CliError(
          `This machine has no address ${host}. Use 127.0.0.1 for this machine only, or 0.0.0.0 for all networks.`,
        );
      default:
        throw error;
    }
  }
}

function announce({ setupCode, problems }: RunningServer, address: string, dataDir: string, seconds: number): void {
  console.log(
    `${styleText('bold', 'Imaginarium is ready')} at ${styleText(['cyan', 'underline'], address)} (${seconds.toFixed(1)} s)`,
  );
  if (address.includes('0.0.0.0') || address.includes('[::]'))
    for (const other of networkAddresses(address)) console.log(`  also at ${other}`);
  console.log(`Data is kept in ${dataDir}`);
  if (setupCode)
    console.log(`Set-up code: ${styleText('bold', setupCode)} (asked for when the owner is made at that address)`);
  for (const problem of problems) console.warn(styleText('yellow', problem));
  console.log('Press Ctrl+C to stop.');
}

function networkAddresses(address: string): string[] {
  const { port } = new URL(address);
  const all = Object.values(networkInterfaces()).flat();
  return all.flatMap((entry) =>
    entry?.family === 'IPv4' && !entry.internal ? [`http://${entry.address}:${port}`] : [],
  );
}
