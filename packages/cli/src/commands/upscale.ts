import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@imaginarium/server/config';
import { OneTimeEngine, type OneTimeEngineOptions } from '@imaginarium/server/one-time-engine';
import { openRegistry } from '@imaginarium/server/packages';
import type { Command } from 'commander';
import { cancelOnSignals } from '../cancel-on-signals.ts';
import { CliError } from '../cli-error.ts';
import { engineSettings } from '../engine-settings.ts';
import { nodePackages } from '../installed.ts';
import { type FoundPicture, findPictures } from '../upscale/find-pictures.ts';
import { ResultFolder } from '../upscale/result-folder.ts';
import { type UpscaleWish, upscaleNode } from '../upscale/upscale-node.ts';
import { foreseePictures, takePictures, type UpscaleJob, upscalePictures } from '../upscale/upscale-pictures.ts';
import { UpscaleReport } from '../upscale/upscale-report.ts';

interface UpscaleOptions extends UpscaleWish {
  out: string;
  recursive?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

export function addUpscaleCommand(program: Command): void {
  program
    .command('upscale')
    .description('Make pictures larger here, without a server')
    .argument('<pictures...>', 'pictures, and folders with pictures')
    .option('-t, --tier <tier>', 'free (2x), standard (4x, unless you say another), professional (8x), billboard (16x)')
    .option('--target <size>', 'in place of a tier: 2k, 4k, 8k, or at most a width and height such as 3000x2000')
    .option('-o, --out <folder>', 'where results are saved', './out')
    .option('--model <name>', 'the network of the first pass, as imaginarium models lists them (auto)')
    .option('--format <format>', 'png, jpeg, webp, avif, tiff, or same as the picture')
    .option('-r, --recursive', 'look into folders in folders too; results lie in folders as the pictures do')
    .option('--dry-run', 'say how long it would take and what would be left out, and make nothing')
    .option('--json', 'print lines of JSON: the estimate, then what came of each picture')
    .action(upscale);
}

async function upscale(
  paths: string[],
  { out, recursive, dryRun = false, json = false, ...wish }: UpscaleOptions,
): Promise<void> {
  const config = loadConfig(process.env);
  const packages = await nodePackages(config.nodePackages);
  const registry = await openRegistry(packages);
  const node = upscaleNode(wish, registry);
  const folder = await ResultFolder.read(out);
  const { pictures, others } = await findPictures(paths, folder.results, recursive);
  const { controller, release } = cancelOnSignals();
  const report = new UpscaleReport(json);
  try {
    if (others.length > 0) report.warn(leftOut(others));
    await using work = dryRun ? await passingWork() : await folder.open();
    const place: Pick<OneTimeEngineOptions, 'workFolder' | 'lastingFolder'> = work;
    using engine = new OneTimeEngine({
      ...engineSettings(config),
      ...place,
      registry,
      packages,
      outFolder: folder.path,
    });
    const job = { engine, node, folder, report, fingerprint: await engine.printOf(node) };
    await perform(job, pictures, { dryRun, atOnce: config.mediaConcurrency, signal: controller.signal });
  } finally {
    report.close();
    release();
  }
}

/** Says what is to come, does it unless that is all that was asked for, and says what came of it. @throws {CliError} for the exit code. */
async function perform(
  job: UpscaleJob,
  pictures: readonly FoundPicture[],
  { dryRun, atOnce, signal }: { dryRun: boolean; atOnce: number; signal: AbortSignal },
): Promise<void> {
  const { report, node } = job;
  const foreseen = await foreseePictures(job, await takePictures(job, pictures, signal));
  if (!signal.aborted) report.foreseen(foreseen, node.name);
  if (!dryRun) await upscalePictures(job, foreseen.pictures, { atOnce, signal });
  report.close();
  if (signal.aborted) {
    const done = report.count('upscaled') + report.count('already-there');
    throw new CliError(`Stopped with ${done} of ${pictures.length} done. The same command goes on from here.`, 130);
  }
  const failed = report.count('failed');
  if (failed > 0) throw new CliError(`${failed} of ${pictures.length} could not be upscaled.`);
}

/** What a person may miss among the results. */
function leftOut(paths: readonly string[]): string {
  const [first, ...more] = paths;
  const which = more.length === 0 ? `${first} is` : `${first} and ${more.length} more are`;
  return `${which} left out: expected PNG, JPEG, WebP, AVIF, GIF or TIFF. Convert what you need to one of these.`;
}

/** A place for the time of one command, where nothing is made that stays. */
async function passingWork(): Promise<AsyncDisposable & { workFolder: string }> {
  const workFolder = await mkdtemp(join(tmpdir(), 'imaginarium-'));
  return { workFolder, [Symbol.asyncDispose]: () => rm(workFolder, { recursive: true, force: true }) };
}
