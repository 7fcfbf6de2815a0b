import { readFile, stat } from 'node:fs/promises';
import { type ExaminedModel, type ModelEntry, NonRetryableError } from '@imaginarium/node-sdk';
import { openSession } from '../inference/open-session.ts';
import { MalformedError } from '../onnx/protobuf.ts';
import { type OnnxFile, readOnnx } from './onnx-file.ts';
import { feedOf, probeNetwork } from './probe-network.ts';
import { refuseInterface, refuseOnnx } from './refuse-onnx.ts';

/** Larger files are refused: they would not fit into a media process. */
const MOST_BYTES = 1_000_000_000;
/** Tiles of networks that are unknown: small enough for those that need much memory. */
const CORE_PX = 128;

/**
 * Looks into a model file without executing it, and when nothing speaks against it, tries it.
 * @throws {NonRetryableError} with every reason why it cannot be used.
 */
export async function examineModel(request: {
  path: string;
  file: string;
  expected: ModelEntry | null;
}): Promise<ExaminedModel> {
  const { path, file, expected } = request;
  const onnx = await looked(path, file);
  const task = expected?.task ?? 'super-resolution';
  const reasons = [...refuseOnnx(onnx), ...(task === 'super-resolution' ? refuseInterface(onnx) : [])];
  if (reasons.length > 0) throw new NonRetryableError(`${file} cannot be used. ${reasons.join(' ')}`);
  if (expected && task !== 'super-resolution') return sameInterface(onnx, expected, file);
  const { session, Tensor } = await openSession(path, file);
  const probed = await probeNetwork(feedOf(session, Tensor), fixedSize(onnx)).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new NonRetryableError(`${file} cannot be used. ${why}`, { cause });
  });
  if (expected && expected.scale !== probed.scale)
    throw new NonRetryableError(
      `${file} cannot be used. It makes pictures ${probed.scale} times as large, and ${expected.title} makes them ${expected.scale} times.`,
    );
  const { range, ...facts } = probed;
  const tensor = { dtype: 'float32', layout: 'NCHW', channels: 'rgb', range } as const;
  return {
    ...facts,
    task,
    inputs: [{ name: onnx.inputs[0]?.name ?? null, ...tensor }],
    outputs: [{ name: onnx.outputs[0]?.name ?? null, ...tensor }],
    corePx: probed.sizes.kind === 'fixed' ? coreOf(probed.sizes) : CORE_PX,
    peakMemoryMb: null,
    macPerPixel: expected?.macPerPixel ?? null,
    unknown: ['The order of the channels: red, green, blue is assumed.'],
  };
}

async function looked(path: string, file: string): Promise<OnnxFile> {
  const { size } = await stat(path);
  if (size > MOST_BYTES)
    throw new NonRetryableError(
      `${file} cannot be used. It has ${Math.round(size / 1e6)} MB, and at most ${MOST_BYTES / 1e6} are taken.`,
    );
  try {
    return readOnnx(await readFile(path));
  } catch (cause) {
    if (!(cause instanceof MalformedError)) throw cause;
    throw new NonRetryableError(`${file} is no ONNX file, or is damaged: ${cause.message}.`, { cause });
  }
}

/** A network whose task has code of its own is taken when what goes in and out is what that code expects. */
function sameInterface(onnx: OnnxFile, expected: ModelEntry, file: string): ExaminedModel {
  const [inputs, outputs] = [onnx.inputs.length, onnx.outputs.length];
  if (inputs !== expected.inputs.length || outputs < expected.outputs.length)
    throw new NonRetryableError(
      `${file} cannot be used. ${expected.title} takes ${expected.inputs.length} inputs and gives ${expected.outputs.length} outputs; this takes ${inputs} and gives ${outputs}.`,
    );
  const { task, scale, sizes, receptiveRadiusPx, corePx, peakMemoryMb, macPerPixel, unknown } = expected;
  const facts = { task, scale, sizes, receptiveRadiusPx, corePx, peakMemoryMb, macPerPixel, unknown };
  return { ...facts, inputs: expected.inputs, outputs: expected.outputs };
}

/** The one size that a file says it takes. */
function fixedSize({ inputs }: OnnxFile): { width: number; height: number } | undefined {
  const [, , height, width] = inputs[0]?.dims ?? [];
  return typeof height === 'number' && typeof width === 'number' ? { width, height } : undefined;
}

/** What a network of one size works on leaves room for the overlap around it. */
function coreOf({ width, height }: { width: number; height: number }): number {
  return Math.max(8, Math.min(width, height) - 2 * Math.min(32, Math.floor(Math.min(width, height) / 4)));
}
