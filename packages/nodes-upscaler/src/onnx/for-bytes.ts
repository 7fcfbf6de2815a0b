import { bytesOf, type Field, fieldsOf, MalformedError, textOf } from './protobuf.ts';
import { messageOf, type WrittenField } from './write-message.ts';

// Fields of the ONNX format, by the messages they are in.
const MODEL = { graph: 7 } as const;
const GRAPH = { node: 1, tensor: 5, input: 11, output: 12 } as const;
const NODE = { input: 1, output: 2, op: 4, attribute: 5 } as const;
const ATTRIBUTE = { name: 1, number: 3, text: 4, numbers: 8, type: 20 } as const;
const TENSOR = { type: 2, name: 8, raw: 9 } as const;
const VALUE = { name: 1, type: 2 } as const;

// Types of values and of attributes, by the format's numbers.
const FLOAT32 = 1;
const UINT8 = 2;
const OF_NUMBER = 2;
const OF_NUMBERS = 7;

/** What goes into a network for bytes, and what comes out of it: tensors of bytes with the channels last. */
export const BYTES_IN = 'imaginarium/pixels';
export const BYTES_OUT = 'imaginarium/squares';

/**
 * Makes of a network for planes of floats the same network for bytes: turning bytes into planes and values into bytes is left to the runtime, which
 * does it with all cores and in a fraction of the memory, and the last step, which puts squares of pixels side by side, to whoever
 * writes the rows.
 *
 * It takes {@link BYTES_IN}, 1 x height x width x 3, and gives {@link BYTES_OUT}, 1 x height x width x (scale x scale x 3): for each pixel
 * the square it becomes, one row of the square after the other.
 * @param file an ONNX file that takes and gives values of 0 to 1.
 * @returns undefined when it is not made for that: it ends in a pixel shuffle (DepthToSpace) with the order DCR.
 */
export function networkForBytes(file: Uint8Array): Uint8Array | undefined {
  try {
    return modelForBytes([...fieldsOf(file)]);
  } catch (error) {
    // What is no model is refused by the runtime, in its words.
    if (error instanceof MalformedError) return;
    throw error;
  }
}

function modelForBytes(parts: readonly Field[]): Uint8Array | undefined {
  const graph = parts.find(({ id }) => id === MODEL.graph);
  const changed = graph && graphForBytes([...fieldsOf(bytesOf(graph))]);
  if (!changed) return;
  return messageOf(...parts.map((part): WrittenField => (part === graph ? [MODEL.graph, changed] : asItIs(part))));
}

function graphForBytes(parts: readonly Field[]): Uint8Array | undefined {
  const shuffle = parts.findLast(({ id }) => id === GRAPH.node);
  const input = parts.find(({ id }) => id === GRAPH.input);
  const squares = shuffle && shuffledBy(bytesOf(shuffle));
  if (!input || !squares) return;
  const head = [
    nodeOf('Transpose', [BYTES_IN], 'imaginarium/byte-planes', ['perm', [0, 3, 1, 2]]),
    nodeOf('Cast', ['imaginarium/byte-planes'], 'imaginarium/planes', ['to', FLOAT32]),
    nodeOf('Div', ['imaginarium/planes', 'imaginarium/full'], nameOf(bytesOf(input))),
  ];
  const tail = [
    nodeOf('QuantizeLinear', [squares, 'imaginarium/step', 'imaginarium/zero'], 'imaginarium/byte-squares'),
    nodeOf('Transpose', ['imaginarium/byte-squares'], BYTES_OUT, ['perm', [0, 2, 3, 1]]),
  ];
  const constants = [
    tensorOf('imaginarium/full', FLOAT32, new Float32Array([255])),
    tensorOf('imaginarium/step', FLOAT32, new Float32Array([1 / 255])),
    tensorOf('imaginarium/zero', UINT8, new Uint8Array([0])),
  ];
  const kept = parts.filter((part) => part !== shuffle && part.id !== GRAPH.input && part.id !== GRAPH.output);
  return messageOf(
    ...head.map((node): WrittenField => [GRAPH.node, node]),
    ...kept.map(asItIs),
    ...tail.map((node): WrittenField => [GRAPH.node, node]),
    ...constants.map((tensor): WrittenField => [GRAPH.tensor, tensor]),
    [GRAPH.input, bytesValue(BYTES_IN)],
    [GRAPH.output, bytesValue(BYTES_OUT)],
  );
}

/** What goes into a node, if it puts pixels with the order DCR side by side. */
function shuffledBy(node: Uint8Array): string | undefined {
  const parts = [...fieldsOf(node)];
  const op = parts.find(({ id }) => id === NODE.op);
  const input = parts.find(({ id }) => id === NODE.input);
  if (!op || !input || textOf(op) !== 'DepthToSpace') return;
  const modes = parts
    .filter(({ id }) => id === NODE.attribute)
    .map((attribute) => [...fieldsOf(bytesOf(attribute))])
    .filter((attribute) => attribute.some((field) => field.id === ATTRIBUTE.name && textOf(field) === 'mode'))
    .flatMap((attribute) => attribute.filter(({ id }) => id === ATTRIBUTE.text).map(textOf));
  // DCR is what it means when it says nothing.
  return modes.some((mode) => mode !== 'DCR') ? undefined : textOf(input);
}

function nameOf(value: Uint8Array): string {
  const name = [...fieldsOf(value)].find(({ id }) => id === VALUE.name);
  return name ? textOf(name) : '';
}

function nodeOf(
  op: string,
  inputs: readonly string[],
  output: string,
  attribute?: [name: string, value: number | readonly number[]],
): Uint8Array {
  return messageOf(
    ...inputs.map((input): WrittenField => [NODE.input, input]),
    ...([
      [NODE.output, output],
      [NODE.op, op],
    ] as const),
    ...(attribute ? ([[NODE.attribute, attributeOf(...attribute)]] as const) : []),
  );
}

function attributeOf(name: string, value: number | readonly number[]): Uint8Array {
  if (typeof value === 'number')
    return messageOf([ATTRIBUTE.name, name], [ATTRIBUTE.number, value], [ATTRIBUTE.type, OF_NUMBER]);
  const numbers = value.map((each): WrittenField => [ATTRIBUTE.numbers, each]);
  return messageOf([ATTRIBUTE.name, name], ...numbers, [ATTRIBUTE.type, OF_NUMBERS]);
}

/** A single value. */
function tensorOf(name: string, type: number, { buffer }: Float32Array | Uint8Array): Uint8Array {
  return messageOf([TENSOR.type, type], [TENSOR.name, name], [TENSOR.raw, new Uint8Array(buffer)]);
}

/** A tensor of bytes whose sizes are left open. */
function bytesValue(name: string): Uint8Array {
  const sizes = ['count', 'height', 'width', 'channels'].map(
    (size): WrittenField => [1, messageOf([2, `${name}/${size}`])],
  );
  const tensor = messageOf([1, UINT8], [2, messageOf(...sizes)]);
  return messageOf([VALUE.name, name], [VALUE.type, messageOf([1, tensor])]);
}

/** Fields of these messages are numbers or have a length: none is of a fixed size. */
function asItIs(field: Field): WrittenField {
  return 'value' in field ? [field.id, field.value] : [field.id, field.bytes];
}
