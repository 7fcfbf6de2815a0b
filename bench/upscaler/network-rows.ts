import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectModels } from '../../packages/nodes-upscaler/src/catalogue/find-installed.ts';
import { samplePlanes } from '../../packages/nodes-upscaler/src/examine/probe-network.ts';
import { loadNetwork, type Network } from '../../packages/nodes-upscaler/src/inference/network.ts';
import { openSession } from '../../packages/nodes-upscaler/src/inference/open-session.ts';
import { release } from '../../packages/nodes-upscaler/src/inference/planes.ts';
import { onnxBytes } from '../../packages/nodes-upscaler/src/testing/onnx-model.ts';
import type { BenchRow } from '../row.ts';
import { quantile } from '../statistics.ts';

/** How fast our networks are against what ONNX Runtime gives at best, and what cutting a picture into tiles costs. */
export async function networkRows(smoke: boolean): Promise<BenchRow[]> {
  const [turns, side] = smoke ? [1, 128] : [7, 768];
  const plain = await plainConvolution(smoke ? 64 : 256);
  const found = await inspectModels('/nonexistent');
  const rows: BenchRow[] = [];
  for (const name of ['imaginarium-x2', 'imaginarium-x4']) {
    const model = found.find(({ entry }) => entry.name === name);
    if (!model?.entry.macPerPixel) throw new Error(`There is no ${name}.`);
    const network = await loadNetwork(model);
    const tile = network.corePx + 2 * network.overlapPx;
    // In turns, so that what else the machine does hits both.
    const [own, best] = await inTurns(turns, [enlarging(network, tile), plain.execute]);
    const share = (tile * tile * model.entry.macPerPixel) / (own ?? 1) / (plain.macs / (best ?? 1));
    rows.push({
      ...{ name: `${name}, speed against plain convolution`, value: Math.round(share * 100), unit: '%' },
      ...{ target: '> 70', ok: share > 0.7 },
    });
    const part = enlarging(network, side / 2 + 2 * network.overlapPx);
    const tiled = async () => {
      for (let count = 0; count < 4; count++) await part();
    };
    const [whole, parts] = await inTurns(turns, [enlarging(network, side), tiled]);
    const overhead = (parts ?? 0) / (whole ?? 1);
    rows.push({
      ...{
        name: `${name}, tiles with a core of ${side / 2} against the whole`,
        value: Math.round(overhead * 100) / 100,
      },
      ...{ unit: 'x', target: '< 1.25', ok: overhead < 1.25 },
    });
  }
  return rows;
}

/** Enlarges the same tile each time, as bytes: what nearly all pictures are. */
function enlarging(network: Network, side: number): () => Promise<void> {
  const planes = { data: samplePlanes(side, side), width: side, height: side };
  const bytes = { ...planes, data: Uint8Array.from(planes.data, (value) => value * 255) };
  return async () => release(await (network.enlargeBytes?.(bytes) ?? network.enlarge(planes)));
}

/** The median milliseconds of works, done one after the other in every turn, after one turn that warms up. */
async function inTurns(turns: number, works: readonly (() => Promise<void>)[]): Promise<number[]> {
  const times = works.map((): number[] => []);
  for (let turn = -1; turn < turns; turn++)
    for (const [index, work] of works.entries()) {
      const began = performance.now();
      await work();
      if (turn >= 0 || turns === 1) times[index]?.push(performance.now() - began);
    }
  return times.map((each) => quantile(each, 0.5));
}

const CHANNELS = 64;
const LAYERS = 4;

/** Nothing but convolutions, of a size that ONNX Runtime is good at. */
async function plainConvolution(side: number): Promise<{ macs: number; execute: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'imaginarium-bench-'));
  const path = join(folder, 'plain.onnx');
  await writeFile(path, onnxBytes(plainFile(side)));
  const { session, Tensor } = await openSession(path, 'plain.onnx');
  await rm(folder, { recursive: true, force: true });
  const data = new Float32Array(CHANNELS * side * side).fill(0.5);
  return {
    macs: CHANNELS * CHANNELS * 9 * LAYERS * side * side,
    async execute() {
      await session.run({ x0: new Tensor('float32', data, [1, CHANNELS, side, side]) });
    },
  };
}

const FLOAT = 1;
const ATTRIBUTE_INTS = 7;

function plainFile(side: number) {
  const shape = { dim: [1, CHANNELS, side, side].map((dim_value) => ({ dim_value })) };
  const value = (name: string) => ({ name, type: { tensor_type: { elem_type: FLOAT, shape } } });
  const weights = Float32Array.from({ length: CHANNELS * CHANNELS * 9 }, (_, at) => (((at * 37) % 101) - 50) / 30_000);
  const layers = Array.from({ length: LAYERS }, (_, layer) => layer);
  return {
    ir_version: 8,
    opset_import: [{ domain: '', version: 13 }],
    graph: {
      name: 'plain',
      node: layers.map((layer) => ({
        ...{ input: [`x${layer}`, `w${layer}`], output: [`x${layer + 1}`], op_type: 'Conv' },
        attribute: [
          { name: 'kernel_shape', ints: [3, 3], type: ATTRIBUTE_INTS },
          { name: 'pads', ints: [1, 1, 1, 1], type: ATTRIBUTE_INTS },
        ],
      })),
      initializer: layers.map((layer) => ({
        ...{ name: `w${layer}`, dims: [CHANNELS, CHANNELS, 3, 3], data_type: FLOAT },
        raw_data: new Uint8Array(weights.buffer),
      })),
      input: [value('x0')],
      output: [value(`x${LAYERS}`)],
    },
  };
}
