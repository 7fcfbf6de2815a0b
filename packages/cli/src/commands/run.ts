import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Client } from '@imaginarium/client';
import { catalogueOf, type FileRef, fileRefOf } from '@imaginarium/protocol';
import { type Command, InvalidArgumentError } from 'commander';
import { followRun } from '../follow-run.ts';
import { parseInputs } from '../parse-inputs.ts';
import { connectTo, type ServerOptions, withServer } from '../server-connection.ts';

interface RunOptions extends ServerOptions {
  input?: string[];
  runVersion?: number;
}

export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('Run a workflow on a server, and follow it to its end')
    .argument('<workflow>', 'the id of the workflow: the last part of its address in the editor')
    .option('-i, --input <name=value>', 'an input of the run; a file for pictures; may be repeated', collect)
    .option('--run-version <number>', 'the version to run, in the place of the draft', asVersion)
    .option('--server <address>', 'where the server answers (IMAGINARIUM_SERVER)')
    .option('--json', 'print the events of the run as lines of JSON')
    .action((workflow: string, options: RunOptions) => withServer(() => run(workflow, options)));
}

async function run(id: string, { input = [], runVersion: version, ...options }: RunOptions): Promise<void> {
  const client = await connectTo(options);
  const { name, draft } = await client.call('getWorkflow', { params: { id } });
  const graph = version === undefined ? draft : (await client.call('getVersion', { params: { id, version } })).graph;
  const { types, packages } = await client.call('listNodeTypes');
  const inputs = await parseInputs(graph, input, catalogueOf(types, packages), (path) => uploadFile(client, path));
  const body = { inputs, ...(version === undefined ? {} : { version }) };
  const started = await client.call('startRun', { params: { id }, body });
  if (!options.json) console.log(`${name}: run ${started.id}`);
  await followRun(client, { id: started.id, graph }, options);
}

/** @throws system errors, as for a file that is not there. */
async function uploadFile(client: Client, path: string): Promise<FileRef> {
  await stat(path);
  return fileRefOf(await client.uploadFile(await openAsBlob(path), { name: basename(path) }));
}

function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

function asVersion(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 1.');
  return Number(text);
}
