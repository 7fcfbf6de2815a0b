import type { Command } from 'commander';
import { followRun } from '../follow-run.ts';
import { connectTo, type ServerOptions, withServer } from '../server-connection.ts';

export function addFollowCommand(program: Command): void {
  program
    .command('follow')
    .description('Follow a run of a server to its end: its steps and its log')
    .argument('<run>', 'the id of the run')
    .option('--server <address>', 'where the server answers (IMAGINARIUM_SERVER)')
    .option('--json', 'print the events of the run as lines of JSON')
    .action((id: string, options: ServerOptions) => withServer(() => follow(id, options)));
}

async function follow(id: string, options: ServerOptions): Promise<void> {
  const client = await connectTo(options);
  const { graph } = await client.call('getRun', { params: { id } });
  await followRun(client, { id, graph }, options);
}
