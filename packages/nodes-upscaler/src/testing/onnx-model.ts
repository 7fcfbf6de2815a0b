import protobuf from 'protobufjs';

/** The few messages of the ONNX format that the models of the tests are made of. */
const { root } = protobuf.parse(
  `
  syntax = "proto3";
  message Model { int64 ir_version = 1; Graph graph = 7; repeated OperatorSet opset_import = 8; }
  message OperatorSet { string domain = 1; int64 version = 2; }
  message Graph { repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; repeated ValueInfo input = 11; repeated ValueInfo output = 12; }
  message Node { repeated string input = 1; repeated string output = 2; string op_type = 4; repeated Attribute attribute = 5; }
  message Attribute { string name = 1; int64 i = 3; bytes s = 4; repeated int64 ints = 8; int32 type = 20; }
  message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
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
}

/** How far a pixel reaches in a {@link tinyModel}: two convolutions of 3 x 3. */
export const TINY_RADIUS = 2;

/** An ONNX file: convolution, ReLU, convolution, depth to space, with the names `input` and `output`. */
export function tinyModel({ scale, weight = noiseWeight, float16 = false }: TinyModel): Uint8Array {
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
  const model = root.lookupType('Model');
  return model
    .encode(
      model.fromObject({
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
                { name: 'mode', s: Buffer.from('CRD'), type: ATTRIBUTE_STRING },
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
      }),
    )
    .finish();
}

/** Sums of a picture's values stay between 0 and 1, more or less. */
function noiseWeight(index: number): number {
  const bits = Math.imul(index + 1, 0x9e3779b1);
  return (((bits ^ (bits >>> 15)) >>> 8) / 2 ** 24) * 0.16 - 0.04;
}

function tensor(name: string, dims: number[], type: number, weight: (index: number) => number): object {
  const count = dims.reduce((product, size) => product * size, 1);
  const values = Array.from({ length: count }, (_, index) => weight(index));
  const data = type === FLOAT16 ? new Float16Array(values) : new Float32Array(values);
  return { name, dims, data_type: type, raw_data: new Uint8Array(data.buffer) };
}

function valueInfo(name: string, type: number): object {
  const dim = [{ dim_value: 1 }, { dim_value: 3 }, { dim_param: `${name}_height` }, { dim_param: `${name}_width` }];
  return { name, type: { tensor_type: { elem_type: type, shape: { dim } } } };
}
