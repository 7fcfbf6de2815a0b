import protobuf from 'protobufjs';

/** The few messages of the ONNX format that the models of the tests are made of. */
const { root } = protobuf.parse(
  `
  syntax = "proto3";
  message Model { int64 ir_version = 1; Graph graph = 7; repeated OperatorSet opset_import = 8; repeated Function functions = 25; }
  message OperatorSet { string domain = 1; int64 version = 2; }
  message Graph { repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; repeated SparseTensor sparse_initializer = 15; repeated ValueInfo input = 11; repeated ValueInfo output = 12; }
  message Node { repeated string input = 1; repeated string output = 2; string op_type = 4; repeated Attribute attribute = 5; string domain = 7; }
  message Attribute { string name = 1; float f = 2; int64 i = 3; bytes s = 4; Tensor t = 5; Graph g = 6; repeated float floats = 7; repeated int64 ints = 8; int32 type = 20; }
  message SparseTensor { repeated int64 dims = 3; }
  message Function { string name = 1; }
  message Pair { string key = 1; string value = 2; }
  message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; repeated Pair external_data = 13; int32 data_location = 14; }
  message ValueInfo { string name = 1; Type type = 2; }
  message Type { TensorType tensor_type = 1; }
  message TensorType { int32 elem_type = 1; Shape shape = 2; }
  message Shape { repeated Dimension dim = 1; }
  message Dimension { int64 dim_value = 1; string dim_param = 2; }
`,
  { keepCase: true },
);

const FLOAT = 1;
const FLOAT16 = 10;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_STRING = 3;
const ATTRIBUTE_INTS = 7;

/** What a test wants of its network. */
export interface TinyModel {
  scale: number;
  /** What a weight is, given its number: fixed noise by default. */
  weight?: (index: number) => number;
  float16?: boolean;
  /** Whether its last step takes the pixels of a square one after the other, as what can be made to work on bytes does. */
  pixelsLast?: boolean;
}

/** How far a pixel reaches in a {@link tinyModel}: two convolutions of 3 x 3. */
export const TINY_RADIUS = 2;

/** An ONNX file: convolution, ReLU, convolution, depth to space, with the names `input` and `output`. */
export function tinyModel(wish: TinyModel): Uint8Array {
  return onnxBytes(tinyFile(wish));
}

/** Writes messages as an ONNX file. */
export function onnxBytes(file: OnnxMessage): Uint8Array {
  const model = root.lookupType('Model');
  return model.encode(model.fromObject(file)).finish();
}

/** The messages of a {@link tinyModel}, for tests that spoil them. */
export function tinyFile({ scale, weight = noiseWeight, float16 = false, pixelsLast = false }: TinyModel): OnnxMessage {
  const hidden = 6;
  const outputs = 3 * scale * scale;
  const type = float16 ? FLOAT16 : FLOAT;
  const convolution = (input: string, name: string, output: string) => ({
    input: [input, name],
    output: [output],
    op_type: 'Conv',
    attribute: [
      { name: 'kernel_shape', ints: [3, 3], type: ATTRIBUTE_INTS },
      { name: 'pads', ints: [1, 1, 1, 1], type: ATTRIBUTE_INTS },
    ],
  });
  return {
    ir_version: 8,
    opset_import: [{ domain: '', version: 13 }],
    graph: {
      name: 'tiny',
      node: [
        convolution('input', 'w1', 'a'),
        { input: ['a'], output: ['b'], op_type: 'Relu' },
        convolution('b', 'w2', 'c'),
        {
          input: ['c'],
          output: ['output'],
          op_type: 'DepthToSpace',
          attribute: [
            { name: 'blocksize', i: scale, type: ATTRIBUTE_INT },
            { name: 'mode', s: Buffer.from(pixelsLast ? 'DCR' : 'CRD'), type: ATTRIBUTE_STRING },
          ],
        },
      ],
      initializer: [
        tensor('w1', [hidden, 3, 3, 3], type, weight),
        tensor('w2', [outputs, hidden, 3, 3], type, (index) => weight(index + 1000)),
      ],
      input: [valueInfo('input', type)],
      output: [valueInfo('output', type)],
    },
  };
}

/** A file as messages: only what tests look at is named. */
export interface OnnxMessage {
  ir_version: number;
  opset_import: object[];
  functions?: object[];
  graph: {
    name: string;
    node: object[];
    initializer: object[];
    sparse_initializer?: object[];
    input: object[];
    output: object[];
  };
}

/**
 * An ONNX file that enlarges by repeating pixels and does nothing else, so that what it gives is what it was given.
 * @param change how the messages differ.
 */
export function plainModel(scale = 2, change: (file: OnnxMessage) => void = () => {}): Uint8Array {
  const channels = 3;
  const outputs = channels * scale * scale;
  const file: OnnxMessage = {
    ir_version: 8,
    opset_import: [{ domain: '', version: 13 }],
    graph: {
      name: 'plain',
      node: [
        { input: ['input', 'w'], output: ['a'], op_type: 'Conv' },
        {
          input: ['a'],
          output: ['output'],
          op_type: 'DepthToSpace',
          attribute: [
            { name: 'blocksize', i: scale, type: ATTRIBUTE_INT },
            { name: 'mode', s: Buffer.from('CRD'), type: ATTRIBUTE_STRING },
          ],
        },
      ],
      initializer: [
        tensor('w', [outputs, channels, 1, 1], FLOAT, (at) => {
          const [output, input] = [Math.floor(at / channels), at % channels];
          return Math.floor(output / scale ** 2) === input ? 1 : 0;
        }),
      ],
      input: [valueInfo('input', FLOAT)],
      output: [valueInfo('output', FLOAT)],
    },
  };
  change(file);
  return onnxBytes(file);
}

/** Sums of a picture's values stay between 0 and 1, more or less. */
function noiseWeight(index: number): number {
  const bits = Math.imul(index + 1, 0x9e3779b1);
  return (((bits ^ (bits >>> 15)) >>> 8) / 2 ** 24) * 0.16 - 0.04;
}

/** A weight, its values given by their number. */
export function tensor(name: string, dims: number[], type: number, weight: (index: number) => number): object {
  const count = dims.reduce((product, size) => product * size, 1);
  const values = Array.from({ length: count }, (_, index) => weight(index));
  const data = type === FLOAT16 ? new Float16Array(values) : new Float32Array(values);
  return { name, dims, data_type: type, raw_data: new Uint8Array(data.buffer) };
}

/** An input or output; sizes are 1 x 3 x height x width unless they are given. */
export function valueInfo(
  name: string,
  type: number,
  sizes: (number | string)[] = [1, 3, `${name}_h`, `${name}_w`],
): object {
  const dim = sizes.map((size) => (typeof size === 'number' ? { dim_value: size } : { dim_param: size }));
  return { name, type: { tensor_type: { elem_type: type, shape: { dim } } } };
}
