import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename, resolve } from 'node:path';
import { isTimed, type ModelState } from '@imaginarium/protocol';
import { loadConfig } from '@imaginarium/server/config';
import { type ModelManager, openModels } from '@imaginarium/server/models';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { nodePackages } from '../installed.ts';
import { modelDetails, modelLine } from '../print-model.ts';

interface ModelOptions {
  data?: string;
  json?: boolean;
  acceptLicence?: boolean;
}

/** What stands before the names in a list. */
const LEGEND =
  '\n\n✓ is here  ↓ imaginarium models pull NAME  - imaginarium models show NAME says how to make its file';

/** How often a download tells how far it is. */
const PROGRESS_MS = 250;

export function addModelsCommand(program: Command): void {
  const models = program
    .command('models')
    .description('The models that upscaling can use: list, install, check, remove');
  const add = (usage: string, description: string) =>
    models
      .command(usage, { isDefault: usage === 'list' })
      .description(description)
      .option('--data <folder>', 'data folder of the server (IMAGINARIUM_DATA_DIR)')
      .option('--json', 'print what came of it as JSON');
  add('list', 'What can be installed, and what is').action((options: ModelOptions) =>
    perform(options, async (manager) => manager.list(), modelLine, LEGEND),
  );
  add('show <name>', 'All that is known of a model: licence, how to have it, what nobody knows').action(
    (name: string, options: ModelOptions) => perform(options, (manager) => manager.state(name), modelDetails),
  );
  add('pull <name>', 'Fetch a model, going on where an earlier download ended')
    .option('--accept-licence', 'accept its licence, where it is not for commercial use')
    .action((name: string, options: ModelOptions) => perform(options, (manager) => pull(manager, name, options)));
  add('verify [name]', 'Read the files of models whole and compare them with the catalogue').action(
    (name: string | undefined, options: ModelOptions) => perform(options, (manager) => verify(manager, name)),
  );
  add('measure [name]', 'Measure how fast a model, or all that are here, are on this machine').action(
    (name: string | undefined, options: ModelOptions) => perform(options, (manager) => measure(manager, name)),
  );
  add('remove <name>', 'Remove the file of a model').action((name: string, options: ModelOptions) =>
    remove(name, options),
  );
  add(
    'import <file>',
    'Install a model from an ONNX file, without a network; one of your own is examined and tried first',
  )
    .option('--accept-licence', 'accept its licence, where it is not for commercial use')
    .action((file: string, options: ModelOptions) => perform(options, (manager) => importFile(manager, file, options)));
}

async function perform(
  { data, json }: ModelOptions,
  work: (manager: ModelManager) => Promise<ModelState | ModelState[]>,
  inWords: (state: ModelState) => string = modelLine,
  after = '',
): Promise<void> {
  const config = loadConfig(process.env, { dataDir: data });
  const packages = await nodePackages(config.nodePackages);
  await using models = await openModels(config, packages, (error, message) =>
    console.error(`${message}: ${error instanceof Error ? error.message : String(error)}`),
  );
  const result = await work(models.manager).catch((cause: unknown) => {
    // Refusals say what to do; a stack would only hide it.
    throw cause instanceof Error ? new CliError(inATerminal(cause), 1, { cause }) : cause;
  });
  if (json) console.log(JSON.stringify(result));
  else console.log([result].flat().map(inWords).join('\n') + after);
}

/** A refusal, with the option that changes it. */
function inATerminal(cause: Error): string {
  const isLicence = 'code' in cause && cause.code === 'licence-not-accepted';
  return isLicence
    ? cause.message.replace(/Accept it to go on\.$/, 'To accept it, add --accept-licence.')
    : cause.message;
}

function remove(name: string, options: ModelOptions): Promise<void> {
  let said = '';
  const work = async (manager: ModelManager): Promise<ModelState> => {
    const before = await manager.state(name);
    await manager.remove(name);
    const was = before.state === 'missing' ? 'is not installed: there was nothing to remove.' : 'was removed.';
    said = `${before.entry.title} ${was}`;
    return { ...before, state: 'missing', pull: null, speed: null };
  };
  return perform(options, work, () => said);
}

async function pull(manager: ModelManager, name: string, { json, acceptLicence }: ModelOptions): Promise<ModelState> {
  const { entry, pull: begun } = await manager.pull(name, consentOf(acceptLicence));
  const shows = begun !== null && process.stdout.isTTY && json !== true;
  const timer = shows ? setInterval(() => void show(manager, name), PROGRESS_MS) : undefined;
  const stop = () => void manager.cancelPull(name);
  process.once('SIGINT', stop);
  try {
    if (begun !== null && !json) console.log(`Fetching ${entry.title}, under ${entry.licence.name} …`);
    await manager.pulled(name);
  } finally {
    clearInterval(timer);
    process.off('SIGINT', stop);
    if (shows) process.stdout.write('\r\u001b[K');
  }
  return manager.state(name);
}

async function show(manager: ModelManager, name: string): Promise<void> {
  const { pull: state } = await manager.state(name);
  if (!state) return;
  const total = state.total === null ? '' : ` of ${(state.total / 1e6).toFixed(1)}`;
  process.stdout.write(`\r\u001b[K${(state.bytes / 1e6).toFixed(1)}${total} MB`);
}

/** One after the other: two at once would measure one another. */
async function measure(manager: ModelManager, name: string | undefined): Promise<ModelState[]> {
  if (name !== undefined) return [await manager.measure(name)];
  const here = (await manager.list()).filter(({ entry, state }) => isTimed(entry) && state === 'installed');
  const measured: ModelState[] = [];
  for (const { entry } of here) measured.push(await manager.measure(entry.name));
  return measured;
}

/** Fails when anything that is installed is damaged. */
async function verify(manager: ModelManager, name: string | undefined): Promise<ModelState[]> {
  const all =
    name === undefined ? (await manager.list()).filter(({ state }) => state !== 'missing') : [{ entry: { name } }];
  const states = await Promise.all(all.map(({ entry }) => manager.verify(entry.name)));
  const missing = states.find(({ state }) => state === 'missing');
  if (missing) throw new CliError(`${missing.entry.title} is not installed: there is no file to read.`);
  if (states.some(({ state }) => state !== 'installed')) process.exitCode = 1;
  return states;
}

async function importFile(
  manager: ModelManager,
  file: string,
  { json, acceptLicence }: ModelOptions,
): Promise<ModelState> {
  const path = resolve(file);
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new CliError(`There is no file ${path}.`);
  if (!found.isFile()) throw new CliError(`${path} is no file. Name the ONNX file itself.`);
  if (process.stdout.isTTY && json !== true) console.log(`Checking and trying ${basename(path)} …`);
  return manager.importFile(path, basename(path), consentOf(acceptLicence));
}

function consentOf(acceptLicence = false) {
  return { by: `${userInfo().username} at a terminal`, acceptLicence };
}
