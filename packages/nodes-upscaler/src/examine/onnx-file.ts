import { bytesOf, fieldsOf, MalformedError, numberOf, numbersIn, textOf } from '../onnx/protobuf.ts';

/** What an ONNX file says of itself, as far as it matters before it is loaded. Its weights stay where they are. */
export interface OnnxFile {
  /** The operator sets it asks for, by domain; the standard one is ``. */
  opsets: { domain: string; version: number }[];
  /** Operators that the file defines itself. */
  functions: number;
  nodes: OnnxNode[];
  tensors: OnnxTensor[];
  sparseTensors: number;
  /** What is fed to it: weights that are listed as inputs too are left out. */
  inputs: OnnxValue[];
  outputs: OnnxValue[];
}

export interface OnnxNode {
  op: string;
  domain: string;
  /** Whether it carries a graph of its own. */
  nested: boolean;
}

/** A weight or constant. */
export interface OnnxTensor {
  name: string;
  /** A number of the format's list: 1 is float32. */
  dtype: number;
  dims: number[];
  /** Bytes of its values as they are stored raw; null where they are stored in another way. */
  rawBytes: number | null;
  /** Whether its values lie in another file. */
  external: boolean;
}

export interface OnnxValue {
  name: string;
  /** A number of the format's list; 0 when it is no tensor. */
  dtype: number;
  /** Sizes; null where they are free. Undefined when nothing is said. */
  dims: (number | null)[] | undefined;
}

/**
 * Reads an ONNX file without executing anything.
 * @throws {MalformedError} when it is none.
 */
export function readOnnx(bytes: Uint8Array): OnnxFile {
  const file: OnnxFile = {
    opsets: [],
    functions: 0,
    nodes: [],
    tensors: [],
    sparseTensors: 0,
    inputs: [],
    outputs: [],
  };
  let graphs = 0;
  for (const field of fieldsOf(bytes)) {
    if (field.id === 7) {
      graphs++;
      readGraph(bytesOf(field), file);
    } else if (field.id === 8) file.opsets.push(readOpset(bytesOf(field)));
    else if (field.id === 25) file.functions++;
  }
  if (graphs !== 1) throw new MalformedError(`it has ${graphs} graphs, and a model has one`);
  const weights = new Set(file.tensors.map(({ name }) => name));
  return { ...file, inputs: file.inputs.filter(({ name }) => !weights.has(name)) };
}

function readOpset(bytes: Uint8Array): OnnxFile['opsets'][number] {
  const opset = { domain: '', version: 0 };
  for (const field of fieldsOf(bytes)) {
    if (field.id === 1) opset.domain = textOf(field);
    else if (field.id === 2) opset.version = numberOf(field);
  }
  return opset;
}

function readGraph(bytes: Uint8Array, file: OnnxFile): void {
  for (const field of fieldsOf(bytes)) {
    switch (field.id) {
      case 1:
        readNode(bytesOf(field), file);
        break;
      case 5:
        file.tensors.push(readTensor(bytesOf(field)));
        break;
      case 11:
        file.inputs.push(readValue(bytesOf(field)));
        break;
      case 12:
        file.outputs.push(readValue(bytesOf(field)));
        break;
      case 15:
        file.sparseTensors++;
    }
  }
}

function readNode(bytes: Uint8Array, file: OnnxFile): void {
  const node: OnnxNode = { op: '', domain: '', nested: false };
  for (const field of fieldsOf(bytes)) {
    if (field.id === 4) node.op = textOf(field);
    else if (field.id === 7) node.domain = textOf(field);
    else if (field.id === 5)
      for (const part of fieldsOf(bytesOf(field))) {
        if (part.id === 5 || part.id === 10) file.tensors.push(readTensor(bytesOf(part)));
        else if (part.id === 6 || part.id === 11) node.nested = true;
        else if (part.id === 22 || part.id === 23) file.sparseTensors++;
      }
  }
  file.nodes.push(node);
}

function readTensor(bytes: Uint8Array): OnnxTensor {
  const tensor: OnnxTensor = { name: '', dtype: 0, dims: [], rawBytes: null, external: false };
  for (const field of fieldsOf(bytes)) {
    switch (field.id) {
      case 1:
        tensor.dims.push(...numbersIn(field).map(Number));
        break;
      case 2:
        tensor.dtype = numberOf(field);
        break;
      case 8:
        tensor.name = textOf(field);
        break;
      case 9:
        tensor.rawBytes = bytesOf(field).length;
        break;
      case 13:
        tensor.external = true;
        break;
      case 14:
        tensor.external ||= numberOf(field) !== 0;
    }
  }
  return tensor;
}

function readValue(bytes: Uint8Array): OnnxValue {
  const value: OnnxValue = { name: '', dtype: 0, dims: undefined };
  for (const field of fieldsOf(bytes)) {
    if (field.id === 1) value.name = textOf(field);
    else if (field.id === 2)
      for (const kind of fieldsOf(bytesOf(field))) if (kind.id === 1) readTensorType(bytesOf(kind), value);
  }
  return value;
}

function readTensorType(bytes: Uint8Array, value: OnnxValue): void {
  for (const field of fieldsOf(bytes)) {
    if (field.id === 1) value.dtype = numberOf(field);
    else if (field.id === 2) value.dims = [...fieldsOf(bytesOf(field))].map((dim) => readDim(bytesOf(dim)));
  }
}

function readDim(bytes: Uint8Array): number | null {
  for (const field of fieldsOf(bytes)) if (field.id === 1) return numberOf(field);
  return null;
}
