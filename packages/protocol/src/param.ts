import { z } from 'zod';
import { FILE_KINDS, fileRefSchema } from './file-ref.ts';
import type { Json } from './json.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** When a param is shown: the other param equals a value, or meets a comparison. All conditions must hold. */
export const showWhenSchema = z.record(
  z.string(),
  z.union([
    scalar,
    z.strictObject({
      eq: scalar.optional(),
      not: scalar.optional(),
      in: z.array(scalar).optional(),
      gt: z.number().optional(),
      gte: z.number().optional(),
      lt: z.number().optional(),
      lte: z.number().optional(),
    }),
  ]),
);
export type ShowWhen = z.infer<typeof showWhenSchema>;

const common = {
  /** What the form calls it. */
  title: z.string().min(1).max(80),
  help: z.string().max(500).optional(),
  /** An empty value is a problem of the graph. */
  required: z.boolean().optional(),
  /** Folded away in the inspector until asked for. */
  advanced: z.boolean().optional(),
  showWhen: showWhenSchema.optional(),
};

export const choiceOptionSchema = z.strictObject({ value: z.string(), label: z.string() });
export type ChoiceOption = z.infer<typeof choiceOptionSchema>;

const range = { min: z.number().optional(), max: z.number().optional(), step: z.number().positive().optional() };

const textParam = z.strictObject({
  kind: z.literal('text'),
  ...common,
  default: z.string(),
  multiline: z.boolean().optional(),
  placeholder: z.string().optional(),
  maxLength: z.int().positive().optional(),
  /** What the form lets people pick in place of typing: the id of a workflow, or that with `@` and a version. */
  picks: z.enum(['workflow', 'workflow-version']).optional(),
});
const numberParam = z.strictObject({
  kind: z.literal('number'),
  ...common,
  ...range,
  default: z.number(),
  integer: z.boolean().optional(),
  unit: z.string().optional(),
});
const sliderParam = z.strictObject({
  kind: z.literal('slider'),
  ...common,
  default: z.number(),
  min: z.number(),
  max: z.number(),
  step: z.number().positive().optional(),
  unit: z.string().optional(),
});
const toggleParam = z.strictObject({ kind: z.literal('toggle'), ...common, default: z.boolean() });
const choiceParam = z.strictObject({
  kind: z.literal('choice'),
  ...common,
  default: z.string(),
  options: z.array(choiceOptionSchema).min(1),
});
const choicesParam = z.strictObject({
  kind: z.literal('choices'),
  ...common,
  default: z.array(z.string()),
  options: z.array(choiceOptionSchema).min(1),
});
const colourParam = z.strictObject({
  kind: z.literal('colour'),
  ...common,
  default: z.string().regex(/^#[0-9a-f]{6}$/i),
});
const assetParam = z.strictObject({
  kind: z.literal('asset'),
  ...common,
  accept: z.array(z.enum(FILE_KINDS)).min(1),
  multiple: z.boolean().optional(),
  default: z.null(),
});
const jsonParam = z.strictObject({ kind: z.literal('json'), ...common, default: z.json() });
const codeParam = z.strictObject({
  kind: z.literal('code'),
  ...common,
  language: z.enum(['javascript', 'typescript', 'json', 'markdown']),
  default: z.string(),
});
const keyValueParam = z.strictObject({
  kind: z.literal('key-value'),
  ...common,
  /** What an expression gives keeps its type; without, it becomes text. */
  typed: z.boolean().optional(),
  default: z.record(z.string(), z.string()),
});
const expressionParam = z.strictObject({ kind: z.literal('expression'), ...common, default: z.string() });
const modelParam = z.strictObject({
  kind: z.literal('model'),
  ...common,
  task: z.string(),
  scale: z.int().positive().optional(),
  default: z.string(),
});

const elementParamSchema = z.discriminatedUnion('kind', [textParam, numberParam, choiceParam, colourParam]);
const listParam = z.strictObject({
  kind: z.literal('list'),
  ...common,
  of: elementParamSchema,
  default: z.array(z.json()),
  maxItems: z.int().positive().optional(),
});

/** The closed set of parameter kinds. The editor draws its form from these and nothing else. */
export const paramSpecSchema = z.discriminatedUnion('kind', [
  textParam,
  numberParam,
  sliderParam,
  toggleParam,
  choiceParam,
  choicesParam,
  colourParam,
  assetParam,
  jsonParam,
  codeParam,
  listParam,
  keyValueParam,
  expressionParam,
  modelParam,
]);
export type ParamSpec = z.infer<typeof paramSpecSchema>;
export type ParamKind = ParamSpec['kind'];

/** Whether a param is shown, given the values of its neighbours (defaults filled in). */
export function isShown(spec: ParamSpec, values: Readonly<Record<string, Json>>): boolean {
  if (!spec.showWhen) return true;
  return Object.entries(spec.showWhen).every(([key, condition]) => {
    const value = ownValue(values, key);
    if (typeof condition !== 'object') return value === condition;
    const { eq, not, gt, gte, lt, lte } = condition;
    const number = typeof value === 'number' ? value : Number.NaN;
    return (
      (eq === undefined || value === eq) &&
      (not === undefined || value !== not) &&
      (condition.in === undefined || condition.in.some((option) => option === value)) &&
      (gt === undefined || number > gt) &&
      (gte === undefined || number >= gte) &&
      (lt === undefined || number < lt) &&
      (lte === undefined || number <= lte)
    );
  });
}

/** The values a node runs with: what the graph stores, and the default for what it leaves out or sets to null. */
export function withDefaults(
  specs: Readonly<Record<string, ParamSpec>>,
  values: Readonly<Record<string, Json>>,
): Record<string, Json> {
  const filled: Record<string, Json> = {};
  for (const key of Object.keys(specs)) filled[key] = ownValue(values, key) ?? (specs[key]?.default as Json);
  return filled;
}

function ownValue(values: Readonly<Record<string, Json>>, key: string): Json | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

/** Whether a param holds nothing: what `required` refuses. */
export function isEmptyValue(value: Json | undefined): boolean {
  return (
    value === undefined ||
    value === null ||
    (typeof value === 'string' && value.trim() === '') ||
    (Array.isArray(value) && value.length === 0)
  );
}

/**
 * Checks one value against its param.
 * @returns a sentence that says what was expected and what came, or undefined when the value fits. Emptiness is not judged here.
 */
export function refuseParamValue(spec: ParamSpec, value: Json): string | undefined {
  switch (spec.kind) {
    case 'text':
      if (typeof value !== 'string') return expected('text', value);
      return spec.maxLength !== undefined && value.length > spec.maxLength
        ? `expected at most ${spec.maxLength} characters, received ${value.length}`
        : undefined;
    case 'code':
    case 'expression':
    case 'model':
      return typeof value === 'string' ? undefined : expected('text', value);
    case 'number':
    case 'slider':
      return refuseNumber(spec, value);
    case 'toggle':
      return typeof value === 'boolean' ? undefined : expected('true or false', value);
    case 'choice':
      return spec.options.some((option) => option.value === value) ? undefined : expectedOption(spec.options, value);
    case 'choices': {
      if (!Array.isArray(value)) return expected('a list of options', value);
      const stranger = value.find((entry) => !spec.options.some((option) => option.value === entry));
      return stranger === undefined ? undefined : expectedOption(spec.options, stranger);
    }
    case 'colour':
      return typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value)
        ? undefined
        : expected('a colour like #1890ff', value);
    case 'asset':
      return refuseAsset(spec, value);
    case 'list': {
      if (!Array.isArray(value)) return expected('a list', value);
      if (spec.maxItems !== undefined && value.length > spec.maxItems)
        return `expected at most ${spec.maxItems} entries, received ${value.length}`;
      for (const [index, entry] of value.entries()) {
        const refusal = refuseParamValue(spec.of, entry);
        if (refusal) return `entry ${index + 1}: ${refusal}`;
      }
      return undefined;
    }
    case 'key-value':
      return typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        (spec.typed || Object.values(value).every((entry) => typeof entry === 'string'))
        ? undefined
        : expected(spec.typed ? 'names with values' : 'names with text values', value);
    case 'json':
      return undefined;
  }
}

function refuseNumber(spec: Extract<ParamSpec, { kind: 'number' | 'slider' }>, value: Json): string | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return expected('a number', value);
  if (spec.kind === 'number' && spec.integer && !Number.isInteger(value)) return expected('a whole number', value);
  if (spec.min !== undefined && value < spec.min) return `expected at least ${spec.min}, received ${value}`;
  if (spec.max !== undefined && value > spec.max) return `expected at most ${spec.max}, received ${value}`;
  return undefined;
}

function refuseAsset(spec: Extract<ParamSpec, { kind: 'asset' }>, value: Json): string | undefined {
  if (value === null) return undefined;
  const files = Array.isArray(value) ? value : [value];
  if (files.length > 1 && !spec.multiple) return `expected one file, received ${files.length}`;
  for (const file of files) {
    const parsed = fileRefSchema.safeParse(file);
    if (!parsed.success) return expected('an uploaded file', file);
    if (!spec.accept.includes(parsed.data.kind))
      return `expected ${spec.accept.join(' or ')}, received ${parsed.data.kind} (${parsed.data.name})`;
  }
  return undefined;
}

function expectedOption(options: readonly ChoiceOption[], value: Json): string {
  return expected(options.map((option) => option.value).join(', '), value);
}

function expected(what: string, value: Json): string {
  const shown = JSON.stringify(typeof value === 'string' ? value.slice(0, 60) : value);
  return `expected ${what}, received ${shown.length > 60 ? `${shown.slice(0, 57)}...` : shown}`;
}
