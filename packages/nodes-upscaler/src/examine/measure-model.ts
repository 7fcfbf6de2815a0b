import { readFile } from 'node:fs/promises';
import { type MeasuredSpeed, type ModelEntry, NonRetryableError } from '@imaginarium/node-sdk';
import { FACE_PX } from '../faces/align-face.ts';
import { FACES_IN_TIERS } from '../faces/face-work.ts';
import { loadRestorer } from '../faces/restorer.ts';
import { loadNetwork } from '../inference/network.ts';
import { release } from '../inference/planes.ts';
import { samplePlanes } from './probe-network.ts';
import { quietMs } from './quiet-time.ts';

/** How long tiles are timed, at least one after the first, which loads and warms up. */
const MEASURE_MS = 1500;
const MOST_TILES = 7;

/**
 * Times a network on tiles as it is used with, or on a face. The process should be its own: what it held at its most is what the network
 * needs.
 * @throws {NonRetryableError} when it cannot be run.
 */
export async function measureModel({ entry, path }: { entry: ModelEntry; path: string }): Promise<MeasuredSpeed> {
  if (entry.task === 'face-restoration') return measureRestorer({ entry, path });
  if (entry.task !== 'super-resolution')
    throw new NonRetryableError(`${entry.title} is not measured: finding faces is a small part of any upscale.`);
  const network = await loadNetwork({ entry, path, speed: null });
  const side = network.sizes.kind === 'fixed' ? network.sizes : undefined;
  const width = side?.width ?? network.corePx + 2 * network.overlapPx;
  const height = side?.height ?? width;
  const planes = { data: samplePlanes(width, height), width, height };
  const bytes = { data: Uint8Array.from(planes.data, (value) => value * 255), width, height };
  // As it is used: nearly all pictures have 8 bits.
  const enlarge = () => network.enlargeBytes?.(bytes) ?? network.enlarge(planes);
  return measure(async () => release(await enlarge()), width * height);
}

async function measureRestorer({ entry, path }: { entry: ModelEntry; path: string }): Promise<MeasuredSpeed> {
  const restorer = await loadRestorer({ entry, path, speed: null });
  const face = { data: samplePlanes(FACE_PX, FACE_PX), width: FACE_PX, height: FACE_PX };
  return measure(() => restorer.restore(face, FACES_IN_TIERS.fidelity), FACE_PX ** 2);
}

/** Times work on so many pixels, after it was done once. */
async function measure(work: () => Promise<unknown>, pixels: number): Promise<MeasuredSpeed> {
  await work();
  const times: number[] = [];
  for (const began = performance.now(); times.length < MOST_TILES; ) {
    times.push(await quietMs(work));
    if (performance.now() - began > MEASURE_MS) break;
  }
  const typicalMs = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  return { msPerMegapixel: (typicalMs * 1e6) / pixels, peakMemoryMb: await peakMemoryMb() };
}

/** What this process held at its most. */
async function peakMemoryMb(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const peakKb = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN);
  return Math.ceil((Number.isFinite(peakKb) ? peakKb * 1024 : process.memoryUsage.rss()) / 1e6);
}
