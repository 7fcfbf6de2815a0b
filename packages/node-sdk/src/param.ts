import type { ChoiceOption, FileKind, FileRef, Json, ParamKind, ParamSpec, ShowWhen } from '@imaginarium/protocol';

declare const valueType: unique symbol;

/** A param of a node type: plain data the form is drawn from, and the type of the value `execute` receives. */
export type Param<Value, Kind extends ParamKind = ParamKind> = Extract<ParamSpec, { kind: Kind }> & {
  readonly [valueType]?: Value;
};

/** The value type of a param. */
export type ParamValue<P> = P extends { readonly [valueType]?: infer Value } ? Exclude<Value, undefined> : never;

type SpecOf<Kind extends ParamKind> = Omit<Extract<ParamSpec, { kind: Kind }>, 'kind'>;
type Options<Kind extends ParamKind, Optional extends string = never> = Omit<SpecOf<Kind>, Optional> &
  Partial<Pick<SpecOf<Kind>, Optional & keyof SpecOf<Kind>>>;

// The casts in this file add the phantom `valueType`, which exists for the compiler only.

/** A line or, with `multiline`, a block of text. May hold `{{ }}` expressions. Default: empty. */
export function text(options: Options<'text', 'default'>): Param<string, 'text'> {
  return { kind: 'text', default: '', ...options } as Param<string, 'text'>;
}

/** A number typed in a field. */
export function number(options: Options<'number'>): Param<number, 'number'> {
  return { kind: 'number', ...options } as Param<number, 'number'>;
}

/** A number chosen between `min` and `max`. */
export function slider(options: Options<'slider'>): Param<number, 'slider'> {
  return { kind: 'slider', ...options } as Param<number, 'slider'>;
}

/** On or off. Default: off. */
export function toggle(options: Options<'toggle', 'default'>): Param<boolean, 'toggle'> {
  return { kind: 'toggle', default: false, ...options } as Param<boolean, 'toggle'>;
}

type OptionInput<Value extends string> = Value | { value: Value; label: string };

interface ChoiceInput<Value extends string> extends Omit<Options<'choice'>, 'options' | 'default'> {
  options: readonly OptionInput<Value>[];
}

/** One of several options; an option is its value, or a value with a label. */
export function choice<const Value extends string>(
  options: ChoiceInput<Value> & { default: NoInfer<Value> },
): Param<Value, 'choice'> {
  return { kind: 'choice', ...options, options: labelled(options.options) } as Param<Value, 'choice'>;
}

/** Any number of several options. Default: none. */
export function choices<const Value extends string>(
  options: ChoiceInput<Value> & { default?: NoInfer<Value>[] },
): Param<Value[], 'choices'> {
  return { kind: 'choices', default: [], ...options, options: labelled(options.options) } as unknown as Param<
    Value[],
    'choices'
  >;
}

/** A colour as `#rrggbb`. */
export function colour(options: Options<'colour'>): Param<string, 'colour'> {
  return { kind: 'colour', ...options } as Param<string, 'colour'>;
}

interface AssetInput<Multiple extends boolean> extends Omit<Options<'asset'>, 'default' | 'accept' | 'multiple'> {
  accept: readonly FileKind[];
  multiple?: Multiple;
}

/** An uploaded file (`null` when empty), or with `multiple` a list of them. */
export function asset<Multiple extends boolean = false>(
  options: AssetInput<Multiple>,
): Param<Multiple extends true ? FileRef[] : FileRef | null, 'asset'> {
  return { kind: 'asset', default: null, ...options } as unknown as Param<
    Multiple extends true ? FileRef[] : FileRef | null,
    'asset'
  >;
}

/** Any JSON, edited as text. */
export function json(options: Options<'json'>): Param<Json, 'json'> {
  return { kind: 'json', ...options } as Param<Json, 'json'>;
}

/** A program text, never read for expressions. */
export function code(options: Options<'code'>): Param<string, 'code'> {
  return { kind: 'code', ...options } as Param<string, 'code'>;
}

type Element = Param<string, 'text'> | Param<number, 'number'> | Param<string, 'choice'> | Param<string, 'colour'>;

/** Several values of one kind of param. Default: none. */
export function list<const E extends Element>(
  options: Omit<Options<'list', 'default'>, 'of'> & { of: E },
): Param<ParamValue<E>[], 'list'> {
  return { kind: 'list', default: [], ...options } as unknown as Param<ParamValue<E>[], 'list'>;
}

interface KeyValueInput<Typed extends boolean> extends Omit<Options<'key-value', 'default'>, 'typed'> {
  typed?: Typed;
}

/** Names with text values; with `typed`, what an expression gives keeps its type. Default: none. */
export function keyValue<Typed extends boolean = false>(
  options: KeyValueInput<Typed>,
): Param<Record<string, Typed extends true ? Json : string>, 'key-value'> {
  return { kind: 'key-value', default: {}, ...options } as unknown as Param<
    Record<string, Typed extends true ? Json : string>,
    'key-value'
  >;
}

/** A `{{ }}` expression, edited as one. Default: empty. */
export function expression(options: Options<'expression', 'default'>): Param<string, 'expression'> {
  return { kind: 'expression', default: '', ...options } as Param<string, 'expression'>;
}

/** A model of the catalogue, by task. Default: `auto`, the best one installed. */
export function model(options: Options<'model', 'default'>): Param<string, 'model'> {
  return { kind: 'model', default: 'auto', ...options } as Param<string, 'model'>;
}

function labelled(options: readonly OptionInput<string>[]): ChoiceOption[] {
  return options.map((option) =>
    typeof option === 'string' ? { value: option, label: sentenceCase(option) } : { ...option },
  );
}

function sentenceCase(value: string): string {
  const words = value.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export type { ShowWhen };
