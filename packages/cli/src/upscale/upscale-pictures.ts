import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import {
  type FileRef,
  type Graph,
  type JsonObject,
  type RunEvent,
  refuseUpscale,
  type TimeAdded,
} from '@imaginarium/protocol';
import type { OneTimeEngine } from '@imaginarium/server/one-time-engine';
import { graphAround, PHOTOS_INPUT, UPSCALE_NODE } from '@imaginarium/server/upscale-graph';
import type { FoundPicture } from './find-pictures.ts';
import type { ResultFolder } from './result-folder.ts';
import type { UpscaleNode } from './upscale-node.ts';
import { NOTHING_MADE, type UpscaleReport } from './upscale-report.ts';

/** What upscales pictures, and where. */
export interface UpscaleJob {
  engine: OneTimeEngine;
  node: UpscaleNode;
  /** All that results depend on beside the pictures: networks, versions, params. */
  fingerprint: string;
  folder: ResultFolder;
  report: UpscaleReport;
}

/** A picture that was taken in. */
export interface TakenPicture extends FoundPicture {
  file: FileRef;
  /** Names the picture and all that its result depends on. */
  key: string;
}

/** Takes pictures in. Those that cannot be read are reported, as are those whose result is there already. @returns those that are to be upscaled. */
export async function takePictures(
  { engine, node, folder, report, fingerprint }: UpscaleJob,
  pictures: readonly FoundPicture[],
  signal: AbortSignal,
): Promise<TakenPicture[]> {
  const taken = new Map<string, TakenPicture>();
  for (const [index, { path, below }] of pictures.entries()) {
    if (signal.aborted) break;
    report.reading(index, pictures.length);
    try {
      const file = await takePicture(engine, node, path);
      const key = createHash('sha256')
        .update(`${file.id}\n${inFolder(below, basename(path))}\n${fingerprint}`)
        .digest('hex');
      const result = await folder.find(key);
      if (result === undefined && !taken.has(key)) taken.set(key, { path, below, file, key });
      if (result === undefined) continue;
      await engine.removeFile(file);
      report.end(key, { ...NOTHING_MADE, picture: path, state: 'already-there', result: join(folder.path, result) });
    } catch (error) {
      report.end(path, { ...NOTHING_MADE, picture: path, state: 'failed', error: (error as Error).message });
    }
  }
  return [...taken.values()];
}

/** What is known of an upscale before it begins. */
export interface ForeseenUpscale {
  pictures: (TakenPicture & { estimateMs: number })[];
  /** All of them together, one after the other. */
  estimateMs: number;
  /** What will be left out, and why. */
  remarks: string[];
  /** Whether the time rests on what was measured on this machine. */
  measured: boolean;
  /** What is not in the time, as of the first picture; null where all of it is. */
  adds: TimeAdded | null;
}

/** Says what upscaling pictures will take. */
export async function foreseePictures(
  { engine, node }: Pick<UpscaleJob, 'engine' | 'node'>,
  taken: readonly TakenPicture[],
): Promise<ForeseenUpscale> {
  const bySize = new Map<string, Awaited<ReturnType<typeof foresee>>>();
  const pictures: ForeseenUpscale['pictures'] = [];
  for (const picture of taken) {
    const size = `${picture.file.width}x${picture.file.height}`;
    const known = bySize.get(size) ?? (await foresee(engine, upscaleOf(node, picture.file)));
    bySize.set(size, known);
    pictures.push({ ...picture, estimateMs: known.estimateMs });
  }
  const all = [...bySize.values()];
  return {
    pictures,
    estimateMs: pictures.reduce((sum, { estimateMs }) => sum + estimateMs, 0),
    remarks: [...new Set(all.flatMap(({ remarks }) => remarks))],
    measured: all.every(({ measured }) => measured),
    adds: all.find(({ adds }) => adds)?.adds ?? null,
  };
}

/** Upscales pictures, some at the same time, and saves each as soon as it is done. One that fails does not keep the others. */
export async function upscalePictures(
  job: UpscaleJob,
  pictures: readonly TakenPicture[],
  { atOnce, signal }: { atOnce: number; signal: AbortSignal },
): Promise<void> {
  const left = [...pictures];
  const lane = async () => {
    for (let next = left.shift(); next && !signal.aborted; next = left.shift()) await upscalePicture(job, next, signal);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

async function upscalePicture(
  { engine, node, folder, report }: UpscaleJob,
  { key, path, below, file }: TakenPicture,
  signal: AbortSignal,
): Promise<void> {
  const { graph, inputs } = upscaleOf(node, file);
  // Until it is at work it waits for memory, or for others.
  let began: number | undefined;
  const tell = (event: RunEvent) => {
    if (event.type === 'step.progress') began ??= performance.now();
    if (event.type === 'step.progress') report.progress(key, event.progress, path, event.message ?? '');
    if (event.type === 'log' && event.level === 'warn') report.warn(event.message, path);
  };
  const { run, steps } = await engine.execute({ id: key, name: node.name, graph }, inputs, tell, signal);
  await engine.removeFile(file);
  if (run.state === 'cancelled') return;
  const [made] = steps.find((step) => step.node === UPSCALE_NODE)?.outputs.image ?? [];
  if (!made?.file) {
    const { message, remedy } = run.error ?? { message: 'Nothing was made of it.', remedy: null };
    const error = [message, remedy].filter(Boolean).join(' ');
    report.end(key, { ...NOTHING_MADE, picture: path, state: 'failed', error });
    return;
  }
  const result = await engine.save(made.file, inFolder(below, made.file.name));
  await folder.add({ key, result, bytes: made.file.bytes });
  await engine.removeFile(made.file);
  const { width = null, height = null } = made.file;
  const durationMs = Math.round(performance.now() - (began ?? performance.now()));
  report.end(key, {
    ...{ picture: path, state: 'upscaled', result: join(folder.path, result) },
    ...{ width, height, durationMs, error: null },
  });
}

/** Results lie in folders as their pictures do. */
function inFolder(below: string, name: string): string {
  return below === '' ? name : `${below}/${name}`;
}

function upscaleOf(node: UpscaleNode, file: FileRef): { graph: Graph; inputs: JsonObject } {
  const { type, name, params } = node;
  return { graph: graphAround({ type, name, params }), inputs: { [PHOTOS_INPUT]: [{ ...file }] } };
}

async function foresee(engine: OneTimeEngine, { graph, inputs }: ReturnType<typeof upscaleOf>) {
  const { estimateMs, measured, nodes } = (await engine.quote(graph, inputs)).quote;
  const [adds] = nodes.flatMap((node) => node.adds ?? []);
  return { estimateMs, measured, adds, remarks: nodes.flatMap(({ remarks = [] }) => remarks) };
}

/** @throws {Error} that says why a file is no picture, or none that can be made so large. */
async function takePicture(engine: OneTimeEngine, node: UpscaleNode, path: string): Promise<FileRef> {
  const file = await engine.addFile(path);
  const refusal = refusalOf(file, node);
  if (refusal === undefined) return file;
  await engine.removeFile(file);
  throw new Error(refusal);
}

function refusalOf(file: FileRef, { tier }: UpscaleNode): string | undefined {
  if (file.kind !== 'image')
    return `${file.name} is not a picture: its type is ${file.mime}. Use PNG, JPEG, WebP, AVIF, GIF or TIFF.`;
  const refusal = tier ? refuseUpscale(file, tier) : undefined;
  return refusal && `${refusal} Choose a smaller tier, or a size with --target.`;
}
