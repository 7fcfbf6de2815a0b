import { onnxBytes, tensor, valueInfo } from './onnx-model.ts';

const FLOAT = 1;
const INT64 = 7;
const DOUBLE = 11;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;
const OPSET = [{ domain: '', version: 13 }];

/** The sides of the marks that {@link markDetector} knows, in pixels. */
export const MARK_SIDES = [8, 16, 32] as const;

/** The side of the face around a mark, and of the square it is brought into for restoring, in sides of the mark. */
export const MARK_BOX = 6;
export const MARK_SQUARE = 8;

/**
 * An ONNX file with the interface of YuNet that takes a mark for a face: a blue square of 8, 16 or 32 pixels with a red one above it, at a
 * multiple of its side. The middle of the face is the upper left corner of the blue square.
 */
export function markDetector(): Uint8Array {
  const kinds = { cls: 1, obj: 1, bbox: 4, kps: 10 } as const;
  const names = Object.keys(kinds) as (keyof typeof kinds)[];
  const file = {
    ...{ ir_version: 8, opset_import: OPSET },
    graph: {
      name: 'marks',
      node: MARK_SIDES.flatMap((side) => [
        {
          input: ['input', `w_${side}`, `b_${side}`],
          output: [`a_${side}`],
          op_type: 'Conv',
          attribute: [
            ints('kernel_shape', [3 * side, 3 * side]),
            ints('strides', [side, side]),
            ints('pads', [side, side, side, side]),
          ],
        },
        {
          input: [`a_${side}`],
          output: [`t_${side}`],
          op_type: 'Transpose',
          attribute: [ints('perm', [0, 2, 3, 1])],
        },
        {
          input: [`t_${side}`, 'split'],
          output: names.map((name) => `s_${name}_${side}`),
          op_type: 'Split',
          attribute: [{ name: 'axis', i: 3, type: ATTRIBUTE_INT }],
        },
        ...names.map((name) => ({
          input: [`s_${name}_${side}`, `shape_${name}`],
          output: [`${name}_${side}`],
          op_type: 'Reshape',
        })),
      ]),
      initializer: [
        longs('split', Object.values(kinds)),
        ...names.map((name) => longs(`shape_${name}`, [1, -1, kinds[name]])),
        ...MARK_SIDES.flatMap((side) => [
          tensor(`w_${side}`, [16, 3, 3 * side, 3 * side], FLOAT, (index) => markWeight(index, side)),
          tensor(`b_${side}`, [16], FLOAT, (index) => BIASES[index] ?? 0),
        ]),
      ],
      input: [valueInfo('input', FLOAT)],
      output: MARK_SIDES.flatMap((side) => names.map((name) => valueInfo(`${name}_${side}`, FLOAT, [1, 'n', 'k']))),
    },
  };
  return onnxBytes(file);
}

/** Where the points of a face are in the square, in shares of its side: as in {@link TEMPLATE}. */
const POINTS = [0.3779, 0.4696, 0.6238, 0.4701, 0.5022, 0.6143, 0.3941, 0.7264, 0.6125, 0.7259];

/** What every place says: no face, surely something, a face of its size, points that are upright. */
const BIASES = [0, 1, 0, 0, Math.log(MARK_BOX), Math.log(MARK_BOX), ...POINTS.map((at) => (at - 0.5) * MARK_SQUARE)];

/** More blue than green here and more red than green above are a face; blue beside it means that the mark is larger. */
function markWeight(index: number, side: number): number {
  const wide = 3 * side;
  // Only the first output looks at anything.
  if (index >= 3 * wide * wide) return 0;
  const channel = Math.floor(index / (wide * wide));
  const [row, column] = [Math.floor((index % (wide * wide)) / wide / side), Math.floor((index % wide) / side)];
  const [blue, green, red] = [0, 1, 2].map((each) => channel === each);
  const half = 0.5 / (side * side * 255);
  if (row === 0) return column === 1 ? (red ? half : green ? -half : 0) : 0;
  const sign = row === 1 && column === 1 ? 1 : -1;
  return sign * (blue ? half : green ? -half : 0);
}

/** What a test wants of its network that restores faces. */
export type RestorerKind =
  /** As GFPGAN; gives the face as it is, or its negative. */
  | 'same'
  | 'negative'
  /** As CodeFormer: gives the face as it is for a fidelity of 1, and its negative for 0. */
  | 'faithful'
  /** Gives what is no picture. */
  | 'broken'
  /** Takes about a second, and gives noise that depends on the whole face. */
  | 'slow';

/** An ONNX file with the interface of a network that restores faces. */
export function faceRestorer(kind: RestorerKind): Uint8Array {
  const face = [1, 3, 512, 512];
  const conv = (input: string, weight: string, output: string) => ({
    ...{ input: [input, weight], output: [output], op_type: 'Conv' },
    attribute: [ints('pads', [1, 1, 1, 1])],
  });
  const noise = (index: number) => Math.sin(index * 12.9898) * 0.08;
  const graphs: Record<RestorerKind, { node: object[]; initializer: object[]; input?: object[] }> = {
    same: { node: [{ input: ['face'], output: ['restored'], op_type: 'Identity' }], initializer: [] },
    negative: { node: [{ input: ['face'], output: ['restored'], op_type: 'Neg' }], initializer: [] },
    faithful: {
      node: [
        {
          ...{ input: ['w'], output: ['w32'], op_type: 'Cast' },
          attribute: [{ name: 'to', i: FLOAT, type: ATTRIBUTE_INT }],
        },
        { input: ['w32', 'two'], output: ['w2'], op_type: 'Mul' },
        { input: ['w2', 'one'], output: ['sign'], op_type: 'Sub' },
        { input: ['face', 'sign'], output: ['restored'], op_type: 'Mul' },
      ],
      initializer: [tensor('two', [1], FLOAT, () => 2), tensor('one', [1], FLOAT, () => 1)],
      input: [valueInfo('w', DOUBLE, [1])],
    },
    broken: {
      node: [{ input: ['face', 'nan'], output: ['restored'], op_type: 'Add' }],
      initializer: [tensor('nan', [1], FLOAT, () => Number.NaN)],
    },
    slow: {
      node: [
        conv('face', 'w1', 'a'),
        { input: ['a'], output: ['b'], op_type: 'Relu' },
        conv('b', 'w2', 'c'),
        { input: ['c'], output: ['d'], op_type: 'Relu' },
        conv('d', 'w3', 'e'),
        { input: ['e'], output: ['restored'], op_type: 'Tanh' },
      ],
      initializer: [
        tensor('w1', [96, 3, 3, 3], FLOAT, noise),
        tensor('w2', [96, 96, 3, 3], FLOAT, noise),
        tensor('w3', [3, 96, 3, 3], FLOAT, noise),
      ],
    },
  };
  const { node, initializer, input = [] } = graphs[kind];
  return onnxBytes({
    ...{ ir_version: 8, opset_import: OPSET },
    graph: {
      ...{ name: 'restorer', node, initializer },
      input: [valueInfo('face', FLOAT, face), ...input],
      output: [valueInfo('restored', FLOAT, face)],
    },
  });
}

function ints(name: string, values: readonly number[]): object {
  return { name, ints: values, type: ATTRIBUTE_INTS };
}

function longs(name: string, values: readonly number[]): object {
  const data = BigInt64Array.from(values, BigInt);
  return { name, dims: [values.length], data_type: INT64, raw_data: new Uint8Array(data.buffer) };
}
