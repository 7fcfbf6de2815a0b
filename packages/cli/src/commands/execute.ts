import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';
import {
  applyInputs,
  type Graph,
  isFileRef,
  lastNodes,
  type Problem,
  parseGraph,
  type Step,
  validateGraph,
} from '@imaginarium/protocol';
import { loadConfig } from '@imaginarium/server/config';
import { NobodyAnswersError, OneTimeEngine } from '@imaginarium/server/one-time-engine';
import { openRegistry } from '@imaginarium/server/packages';
import type { Command } from 'commander';
import { cancelOnSignals } from '../cancel-on-signals.ts';
import { CliError } from '../cli-error.ts';
import { engineSettings } from '../engine-settings.ts';
import { nodePackages } from '../installed.ts';
import { refuseUnwritable } from '../out-folder.ts';
import { parseInputs } from '../parse-inputs.ts';
import { printQuote } from '../print-quote.ts';
import { RunProgress } from '../run-progress.ts';

interface ExecuteOptions {
  input?: string[];
  out: string;
  json?: boolean;
  dryRun?: boolean;
}

export function addExecuteCommand(program: Command): void {
  program
    .command('execute')
    .description('Execute a workflow file here, without a server')
    .argument('<file>', 'the workflow, as exported or written by hand')
    .option('-i, --input <name=value>', 'an input of the run; a file for pictures; may be repeated', collect)
    .option('-o, --out <folder>', 'where results are saved', './out')
    .option('--dry-run', 'say what it would cost and how long it would take, and execute nothing')
    .option('--json', 'print the events of the run as lines of JSON; with --dry-run, the quote as JSON')
    .action(execute);
}

function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

async function execute(
  file: string,
  { input = [], out, json = false, dryRun = false }: ExecuteOptions,
  command: Command,
): Promise<void> {
  const config = loadConfig(process.env);
  const packages = await nodePackages(config.nodePackages);
  const registry = await openRegistry(packages);
  const graph = await readGraph(file);
  const workFolder = await mkdtemp(join(tmpdir(), 'imaginarium-'));
  const { controller, release } = cancelOnSignals();
  try {
    using engine = new OneTimeEngine({
      ...engineSettings(config),
      ...{ registry, packages, workFolder, outFolder: resolve(out) },
    });
    const inputs = await parseInputs(graph, input, registry, (path) => engine.addFile(path));
    refuseProblems(validateGraph(applyInputs(graph, inputs), registry));
    if (dryRun) {
      printQuote(await engine.quote(graph, inputs).catch(refuseQuote), json);
      return;
    }
    // Who names no folder may have nothing to save.
    if (command.getOptionValueSource('out') === 'cli') await refuseUnwritable(resolve(out));
    const progress = new RunProgress(graph, json);
    const name = basename(file, extname(file)).replaceAll('-', ' ');
    const executed = engine.execute(
      { name: name.charAt(0).toUpperCase() + name.slice(1), graph },
      inputs,
      (event) => progress.tell(event),
      controller.signal,
    );
    const { run, steps } = await executed.catch((error: unknown) => {
      throw error instanceof NobodyAnswersError ? new CliError(error.message) : error;
    });
    progress.end();
    if (run.state === 'cancelled') throw new CliError('Cancelled.', 130);
    if (run.error) throw new CliError([run.error.message, run.error.remedy].filter(Boolean).join('\n'));
    const saved = await saveResults(engine, graph, steps);
    if (!json) console.log(`Saved ${saved.length} ${saved.length === 1 ? 'file' : 'files'} in ${resolve(out)}`);
    if (!json) for (const path of saved) console.log(`  ${path}`);
  } finally {
    release();
    await rm(workFolder, { recursive: true, force: true });
  }
}

async function readGraph(file: string): Promise<Graph> {
  let document: unknown;
  try {
    document = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new CliError(
      missing ? `There is no file ${file}.` : `${file} cannot be read as JSON: ${(error as Error).message}`,
      2,
    );
  }
  const parsed = parseGraph(document);
  if (!parsed.ok) refuseProblems(parsed.problems);
  return (parsed as Extract<typeof parsed, { ok: true }>).graph;
}

/** A workflow that cannot be executed as it is, such as with too many pictures at once. */
function refuseQuote(error: unknown): never {
  throw error instanceof Error ? new CliError(error.message, 2) : error;
}

function refuseProblems(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ message, remedy }) => `  ${message} ${remedy}`);
  throw new CliError(`This workflow cannot be executed:\n${lines.join('\n')}`, 2);
}

/** Saves what the last nodes gave, unless a node of the workflow saved it already. */
async function saveResults(engine: OneTimeEngine, graph: Graph, steps: readonly Step[]): Promise<string[]> {
  const saved: string[] = [];
  const last = lastNodes(graph);
  for (const step of steps) {
    const isLast = last.has(step.node);
    for (const item of Object.values(step.outputs).flat()) {
      const { savedAs } = item.fields;
      if (typeof savedAs === 'string' && step.type.startsWith('storage.')) saved.push(savedAs);
      else if (isLast && isFileRef(item.file)) saved.push(await engine.save(item.file, item.file.name));
    }
  }
  return saved;
}
