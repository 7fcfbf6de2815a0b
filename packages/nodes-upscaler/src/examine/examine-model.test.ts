import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CATALOGUE } from '../catalogue/catalogue.ts';
import { MalformedError } from '../onnx/protobuf.ts';
import { type OnnxMessage, onnxBytes, plainModel, tensor, tinyFile, valueInfo } from '../testing/onnx-model.ts';
import { realModels, whySkipped } from '../testing/test-data.ts';
import { examineModel } from './examine-model.ts';
import { readOnnx } from './onnx-file.ts';

const [FLOAT, UINT8, TEXT, DOUBLE] = [1, 2, 8, 11] as const;

async function examined(bytes: Uint8Array, expected: string | null = null) {
  const folder = await mkdtemp(join(tmpdir(), 'imaginarium-examine-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'own.onnx');
  await writeFile(path, bytes);
  const entry = CATALOGUE.find(({ name }) => name === expected) ?? null;
  return examineModel({ path, file: 'own.onnx', expected: entry });
}

/** A model that is good but for one thing. */
const spoilt = (change: (graph: OnnxMessage['graph'], file: OnnxMessage) => void) =>
  plainModel(2, (file) => change(file.graph, file));
const operator = (op_type: string, more: object = {}) => ({ input: ['input'], output: ['x'], op_type, ...more });
const subgraph = { name: 'then_branch', g: { name: 'inner', node: [operator('Relu')] }, type: 5 };

/** Each with what is said of it. */
const BAD: [string, Uint8Array, string][] = [
  ['no protobuf at all', Buffer.from('this is not a model'), 'is no ONNX file, or is damaged'],
  ['an empty file', new Uint8Array(), 'is no ONNX file, or is damaged: it has 0 graphs'],
  ['a file that was cut off', plainModel(2).subarray(0, 150), 'is no ONNX file, or is damaged'],
  ['a page of HTML', Buffer.from('<!DOCTYPE html><html><body>404</body></html>'), 'is no ONNX file, or is damaged'],
  ['two graphs', Buffer.concat([plainModel(2), plainModel(2)]), 'it has 2 graphs'],
  [
    'weights in another file',
    spoilt((graph) => {
      graph.initializer = [
        {
          ...graph.initializer[0],
          raw_data: undefined,
          data_location: 1,
          external_data: [{ key: 'location', value: '../../etc/passwd' }],
        },
      ];
    }),
    '1 of its weights lie in other files',
  ],
  [
    'a constant in another file',
    spoilt((graph) =>
      graph.node.push({
        ...{ output: ['k'], op_type: 'Constant' },
        attribute: [{ name: 'value', type: 4, t: { dims: [1], data_type: 1, name: 'k', data_location: 1 } }],
      }),
    ),
    'lie in other files',
  ],
  [
    'operators of another domain',
    spoilt((graph) => graph.node.push(operator('Decode', { domain: 'com.acme' }))),
    'com.acme.Decode',
  ],
  [
    'what the runtime has for other things than pictures',
    spoilt((graph) => graph.node.push(operator('Tokenizer', { domain: 'com.microsoft' }))),
    'com.microsoft.Tokenizer',
  ],
  [
    'an operator set of another domain',
    spoilt((_, file) => file.opset_import.push({ domain: 'ai.onnx.contrib', version: 1 })),
    'operators of ai.onnx.contrib',
  ],
  ['no operator set', spoilt((_, file) => (file.opset_import = [])), 'does not say which operator set'],
  [
    'an operator set of the future',
    spoilt((_, file) => (file.opset_import = [{ domain: '', version: 99 }])),
    'operator set 99; 7 to 23',
  ],
  [
    'an operator set of the past',
    spoilt((_, file) => (file.opset_import = [{ domain: '', version: 3 }])),
    'operator set 3',
  ],
  ['operators of its own', spoilt((_, file) => (file.functions = [{ name: 'Mine' }])), 'brings 1 operators of its own'],
  [
    'If',
    spoilt((graph) => graph.node.push(operator('If', { attribute: [subgraph] }))),
    'decides while it runs what it executes (If)',
  ],
  ['Loop', spoilt((graph) => graph.node.push(operator('Loop', { attribute: [subgraph] }))), '(Loop)'],
  ['Scan', spoilt((graph) => graph.node.push(operator('Scan', { attribute: [subgraph] }))), '(Scan)'],
  [
    'a graph inside a harmless operator',
    spoilt((graph) => graph.node.push(operator('Relu', { attribute: [subgraph] }))),
    '(Relu)',
  ],
  [
    'random numbers',
    spoilt((graph) => graph.node.push(operator('RandomNormalLike'))),
    'no network for pictures needs (RandomNormalLike)',
  ],
  ['an operator that nobody knows', spoilt((graph) => graph.node.push(operator('Enhance'))), '(Enhance)'],
  ['text', spoilt((graph) => graph.node.push(operator('StringNormalizer'))), '(StringNormalizer)'],
  ['no operators', spoilt((graph) => (graph.node = [])), 'It has no operators'],
  [
    'too many operators',
    spoilt((graph) => (graph.node = Array.from({ length: 20_001 }, () => operator('Relu')))),
    '20001 operators',
  ],
  ['sparse weights', spoilt((graph) => (graph.sparse_initializer = [{ dims: [3] }])), 'sparse weights'],
  [
    'a weight that is too short',
    spoilt((graph) => graph.initializer.push({ name: 'short', dims: [10], data_type: 1, raw_data: new Uint8Array(7) })),
    'Its weight "short" of 10 (float32) has 7 bytes',
  ],
  [
    'a weight of a negative size',
    spoilt((graph) => graph.initializer.push({ name: 'n', dims: [-1], data_type: 1, raw_data: new Uint8Array(4) })),
    'Its weight "n"',
  ],
  [
    'a weight of an unknown type',
    spoilt((graph) => graph.initializer.push({ name: 'u', dims: [1], data_type: 77, raw_data: new Uint8Array(4) })),
    'unknown type 77',
  ],
  [
    'a weight that is text',
    spoilt((graph) => graph.initializer.push({ name: 't', dims: [1], data_type: TEXT, raw_data: new Uint8Array(4) })),
    '(text)',
  ],
  ['float16 at its input', onnxBytes(tinyFile({ scale: 2, float16: true })), 'is float16, which cannot be fed here'],
  [
    'float64 at its input',
    spoilt((graph) => (graph.input = [valueInfo('input', DOUBLE)])),
    '"input" is float64; float32 is expected',
  ],
  [
    'bytes at its output',
    spoilt((graph) => (graph.output = [valueInfo('output', UINT8)])),
    '"output" is uint8; float32 is expected',
  ],
  [
    'one channel',
    spoilt((graph) => (graph.input = [valueInfo('input', FLOAT, [1, 1, 'h', 'w'])])),
    'has 1 channel; 3 are expected',
  ],
  [
    'channels at the end',
    spoilt((graph) => (graph.input = [valueInfo('input', FLOAT, [1, 256, 256, 3])])),
    'has its channels last',
  ],
  [
    'three dimensions',
    spoilt((graph) => (graph.input = [valueInfo('input', FLOAT, [3, 'h', 'w'])])),
    'has 3 dimensions; a picture has 4',
  ],
  [
    'eight pictures at once',
    spoilt((graph) => (graph.input = [valueInfo('input', FLOAT, [8, 3, 'h', 'w'])])),
    'takes 8 pictures at once',
  ],
  [
    'a picture of a million a side',
    spoilt((graph) => (graph.input = [valueInfo('input', FLOAT, [1, 3, 1_000_000, 1_000_000])])),
    '1 to 4096 a side',
  ],
  ['two inputs', spoilt((graph) => graph.input.push(valueInfo('strength', FLOAT, [1]))), 'It takes 2 inputs'],
  ['no output', spoilt((graph) => (graph.output = [])), 'It gives 0 outputs'],
  [
    'a scale that is no whole number',
    spoilt((graph) => {
      graph.node = [{ input: ['input', '', 'scales'], output: ['output'], op_type: 'Resize' }];
      graph.initializer = [tensor('scales', [4], FLOAT, (at) => (at < 2 ? 1 : 1.5))];
    }),
    'a whole number of times as many',
  ],
  [
    'an output that is no picture of the input',
    spoilt((graph) => (graph.initializer = [tensor('w', [12, 3, 1, 1], FLOAT, () => -3)])),
    'does not look like what goes in',
  ],
  [
    'not a number everywhere',
    spoilt((graph) => (graph.initializer = [tensor('w', [12, 3, 1, 1], FLOAT, () => Number.NaN)])),
    'does not look like what goes in',
  ],
  [
    'a graph whose wires lead nowhere',
    spoilt((graph) => (graph.node = [operator('Relu', { input: ['nowhere'], output: ['output'] })])),
    'own.onnx cannot be run',
  ],
];

describe('examineModel', () => {
  it.each(BAD)('refuses %s, and says why', async (_what, bytes, reason) => {
    await expect(examined(bytes)).rejects.toThrow(reason);
  });

  it('gives every reason at once', async () => {
    const bytes = spoilt((graph, file) => {
      file.opset_import = [{ domain: '', version: 99 }];
      graph.node.push(operator('If', { attribute: [subgraph] }), operator('Enhance'));
      graph.input = [valueInfo('input', DOUBLE)];
    });
    await expect(examined(bytes)).rejects.toThrow(/set 99.*\(If\).*\(Enhance\).*float64/);
  });

  it.each([1, 2, 3, 4, 8])('finds out that a network makes pictures %d times as large, of any size', async (scale) => {
    expect(await examined(plainModel(scale))).toMatchObject({
      ...{ task: 'super-resolution', scale, sizes: { kind: 'any' }, receptiveRadiusPx: 0 },
      inputs: [{ name: 'input', dtype: 'float32', range: [0, 1] }],
    });
  });

  it('finds out how far a pixel reaches', async () => {
    const reaching = (px: number) =>
      spoilt((graph) => {
        const side = 2 * px + 1;
        const middle = Math.floor((side * side) / 2);
        graph.node.unshift({
          ...{ input: ['input', 'blur'], output: ['blurred'], op_type: 'Conv' },
          attribute: [
            { name: 'kernel_shape', ints: [side, side], type: 7 },
            { name: 'pads', ints: [px, px, px, px], type: 7 },
            { name: 'group', i: 3, type: 2 },
          ],
        });
        Object.assign(graph.node[1] ?? {}, { input: ['blurred', 'w'] });
        graph.initializer.push(
          tensor('blur', [3, 1, side, side], FLOAT, (at) => (at % (side * side) === middle ? 0.99 : 0.01 / side ** 2)),
        );
      });
    for (const px of [1, 7, 18]) expect((await examined(reaching(px))).receptiveRadiusPx).toBe(px);
    expect((await examined(reaching(41))).receptiveRadiusPx).toBeNull();
  });

  it('finds out between which values black and white lie', async () => {
    // What it is given in 0 to 255, it gives so too; given less, it gives black.
    const bytes = spoilt((graph) => {
      graph.node = [
        { input: ['input', 'limit'], output: ['a'], op_type: 'Greater' },
        { input: ['a', 'input', 'zero'], output: ['b'], op_type: 'Where' },
        { input: ['b', 'w'], output: ['c'], op_type: 'Conv' },
        { ...(graph.node[1] as object), input: ['c'] },
      ];
      graph.initializer.push(
        tensor('limit', [1], FLOAT, () => 2),
        tensor('zero', [1], FLOAT, () => 0),
      );
    });
    expect((await examined(bytes)).inputs[0]?.range).toEqual([0, 255]);
  });

  it('finds out that a network takes multiples only, or one size', async () => {
    const folded = spoilt((graph) => {
      graph.node = [
        { input: ['input'], output: ['a'], op_type: 'SpaceToDepth', attribute: [{ name: 'blocksize', i: 4, type: 2 }] },
        {
          input: ['a'],
          output: ['output'],
          op_type: 'DepthToSpace',
          attribute: [{ name: 'blocksize', i: 4, type: 2 }],
        },
      ];
      graph.initializer = [];
    });
    expect(await examined(folded)).toMatchObject({ scale: 1, sizes: { kind: 'multiple', of: 4 } });
    const fixed = spoilt((graph) => (graph.input = [valueInfo('input', FLOAT, [1, 3, 128, 128])]));
    expect(await examined(fixed)).toMatchObject({ scale: 2, sizes: { kind: 'fixed', width: 128, height: 128 } });
  });

  it('holds a file to the entry of the catalogue that it is meant for', async () => {
    expect(await examined(plainModel(4), 'realesrgan-x4plus')).toMatchObject({ scale: 4, macPerPixel: 17_926_848 });
    await expect(examined(plainModel(2), 'realesrgan-x4plus')).rejects.toThrow(
      'It makes pictures 2 times as large, and Real-ESRGAN x4plus makes them 4 times.',
    );
    await expect(examined(plainModel(2), 'codeformer')).rejects.toThrow(
      'CodeFormer takes 2 inputs and gives 1 outputs',
    );
  });

  it('never takes anything for a model that is not one, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat({ max: 400 }), fc.nat({ max: 255 }), (noise, at, value) => {
        for (const bytes of [noise, Uint8Array.from(plainModel(2), (byte, index) => (index === at ? value : byte))])
          try {
            expect(readOnnx(bytes).nodes.length).toBeGreaterThanOrEqual(0);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedError);
          }
      }),
      { numRuns: 500 },
    );
  });

  describe.skipIf(!realModels)(`with the networks of the test data${whySkipped}`, () => {
    const real = async (file: string) => examined(await readFile(join(realModels ?? '', file)));

    it('finds out by itself what the catalogue says of the compact networks', async () => {
      expect(await real('realesr-animevideov3-x4.onnx')).toMatchObject({ scale: 4, receptiveRadiusPx: 18 });
      expect(await real('realesr-animevideov3-x4-int8.onnx')).toMatchObject({ scale: 4, receptiveRadiusPx: 18 });
      expect(await real('realesr-general-x4v3.onnx')).toMatchObject({ scale: 4, sizes: { kind: 'any' } });
    }, 120_000);

    it.each([
      ['negative-custom-op.onnx', /operators/],
      ['negative-tiny-matmul.onnx', /2 inputs/],
      ['realesr-animevideov3-x4-fp16.onnx', /float16/],
      ['pytorch-superresolution-x3-y.onnx', /1 channel; 3 are expected/],
      ['ultraface-RFB-320-clean.onnx', /outputs/],
      ['ultraface-version-RFB-320.onnx', /outputs/],
      ['yunet_n_dynamic.onnx', /12 outputs/],
    ])('refuses %s', async (file, reason) => {
      await expect(real(file)).rejects.toThrow(reason);
    });
  });

  it('refuses a file that is too large before it reads it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'imaginarium-examine-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, 'huge.onnx');
    await writeFile(path, '');
    await truncate(path, 1_500_000_000);
    await expect(examineModel({ path, file: 'huge.onnx', expected: null })).rejects.toThrow(
      'It has 1500 MB, and at most 1000 are taken.',
    );
  });
});
