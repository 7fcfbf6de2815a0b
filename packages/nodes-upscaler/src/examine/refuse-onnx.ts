import type { OnnxFile, OnnxTensor, OnnxValue } from './onnx-file.ts';
import {
  BYTES_OF_TYPE,
  CONTROL_FLOW,
  KNOWN_OPERATORS,
  NEWEST_OPSET,
  OLDEST_OPSET,
  RUNTIME_DOMAIN,
  RUNTIME_OPERATORS,
  TYPE_NAMES,
} from './operators.ts';

/** Larger graphs are refused: no network for pictures comes near. */
const MOST_NODES = 20_000;
/** The format's number of float32. */
const FLOAT32 = 1;
const FLOAT16 = 10;

/** Everything that keeps a file from being loaded at all, in sentences; none when it may be. */
export function refuseOnnx(file: OnnxFile): string[] {
  return [...refuseOpsets(file), ...refuseOperators(file), ...refuseTensors(file)];
}

/** Everything that keeps it from being a super-resolution network: what goes in and out of it. */
export function refuseInterface({ inputs, outputs }: OnnxFile): string[] {
  const reasons: string[] = [];
  if (inputs.length !== 1) reasons.push(`It takes ${inputs.length} inputs, and a network that enlarges takes one.`);
  if (outputs.length !== 1)
    reasons.push(
      `It gives ${outputs.length} outputs, and a network that enlarges gives one. Of networks that find or restore faces, those of the catalogue are taken.`,
    );
  if (reasons.length > 0) return reasons;
  return [...refuseValue('input', inputs[0]), ...refuseValue('output', outputs[0])];
}

function refuseOpsets({ opsets, functions }: OnnxFile): string[] {
  const reasons = opsets
    .filter(({ domain }) => !isStandard(domain) && domain !== RUNTIME_DOMAIN)
    .map(({ domain }) => `It needs the operators of ${domain}, which ONNX Runtime does not have.`);
  const standard = opsets.find(({ domain }) => isStandard(domain));
  if (!standard) reasons.push('It does not say which operator set it was made for.');
  else if (standard.version < OLDEST_OPSET || standard.version > NEWEST_OPSET)
    reasons.push(
      `It was made for the operator set ${standard.version}; ${OLDEST_OPSET} to ${NEWEST_OPSET} are taken. Export it again for one of those.`,
    );
  if (functions > 0) reasons.push(`It brings ${functions} operators of its own. Export it without functions.`);
  return reasons;
}

function refuseOperators({ nodes }: OnnxFile): string[] {
  if (nodes.length === 0) return ['It has no operators.'];
  if (nodes.length > MOST_NODES) return [`It has ${nodes.length} operators; at most ${MOST_NODES} are taken.`];
  const flow = namesOf(nodes.filter(({ op, nested }) => nested || CONTROL_FLOW.has(op)));
  const custom = namesOf(nodes.filter(({ op, domain }) => !isStandard(domain) && !isOfRuntime(op, domain)));
  const unknown = namesOf(
    nodes.filter(
      ({ op, domain, nested }) => isStandard(domain) && !nested && !CONTROL_FLOW.has(op) && !KNOWN_OPERATORS.has(op),
    ),
  );
  return [
    ...(flow ? [`It decides while it runs what it executes (${flow}). Export it for fixed steps.`] : []),
    ...(custom ? [`It uses operators that are not of the standard set (${custom}).`] : []),
    ...(unknown ? [`It uses operators that no network for pictures needs (${unknown}).`] : []),
  ];
}

function refuseTensors({ tensors, sparseTensors }: OnnxFile): string[] {
  const reasons: string[] = [];
  const external = tensors.filter((tensor) => tensor.external);
  if (external.length > 0)
    reasons.push(
      `${external.length} of its weights lie in other files. Save it as one file, with its weights inside it.`,
    );
  if (sparseTensors > 0) reasons.push('It has sparse weights. Export it with dense ones.');
  const wrong = tensors.find((tensor) => !tensor.external && isWrong(tensor));
  if (wrong)
    reasons.push(
      `Its weight "${wrong.name}" of ${wrong.dims.join(' x ') || 'one value'} (${nameOf(wrong.dtype)}) has ${wrong.rawBytes ?? 0} bytes, which does not fit: the file is damaged.`,
    );
  return reasons;
}

function isWrong({ dtype, dims, rawBytes }: OnnxTensor): boolean {
  const bytes = BYTES_OF_TYPE[dtype];
  if (bytes === undefined || dims.some((dim) => dim < 0)) return true;
  return rawBytes !== null && rawBytes !== dims.reduce((product, dim) => product * dim, bytes);
}

function refuseValue(side: 'input' | 'output', value: OnnxValue | undefined): string[] {
  if (!value) return [];
  const { name, dtype, dims } = value;
  if (dtype === FLOAT16)
    return [`Its ${side} "${name}" is float16, which cannot be fed here. Export it as float32, or wrap it in casts.`];
  if (dtype !== FLOAT32) return [`Its ${side} "${name}" is ${nameOf(dtype)}; float32 is expected.`];
  // What comes out is found by trying; its shape may be left open.
  if (!dims) return side === 'input' ? [`It does not say what shape its input "${name}" has.`] : [];
  if (dims.length !== 4)
    return [`Its ${side} "${name}" has ${dims.length} dimensions; a picture has 4: 1 x 3 x height x width.`];
  const [count, channels, height, width] = dims as [number | null, number | null, number | null, number | null];
  const reasons: string[] = [];
  if (count !== null && count !== 1)
    reasons.push(`Its ${side} "${name}" takes ${count} pictures at once; 1 is expected.`);
  if (channels !== null && channels !== 3)
    reasons.push(
      width === 3
        ? `Its ${side} "${name}" has its channels last; they are expected first: 1 x 3 x height x width.`
        : `Its ${side} "${name}" has ${channels} ${channels === 1 ? 'channel' : 'channels'}; 3 are expected: red, green and blue.`,
    );
  const sides = [height, width].filter((size) => size !== null);
  if (sides.some((size) => size < 1 || size > 4096))
    reasons.push(`Its ${side} "${name}" is ${width} x ${height} pixels; 1 to 4096 a side are taken.`);
  return reasons;
}

/** Domains that the format's own operators have. */
function isStandard(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx';
}

function isOfRuntime(op: string, domain: string): boolean {
  return domain === RUNTIME_DOMAIN && RUNTIME_OPERATORS.has(op);
}

function namesOf(nodes: readonly { op: string; domain: string }[]): string {
  const names = [...new Set(nodes.map(({ op, domain }) => (isStandard(domain) ? op : `${domain}.${op}`)))];
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}

function nameOf(dtype: number): string {
  return TYPE_NAMES[dtype] ?? `of the unknown type ${dtype}`;
}
