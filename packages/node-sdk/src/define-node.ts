import type {
  Effects,
  FileRef,
  Json,
  JsonObject,
  NodeDescription,
  NodeGroup,
  ParamSpec,
  PortSpec,
} from '@imaginarium/protocol';
import type { BaseContext, Emitted, InputItem } from './context.ts';
import type { LoopRule } from './define-loop.ts';
import type { Foresight, ForesightInput } from './model-kit.ts';
import type { ParamValue } from './param.ts';
import type { Port, PortValue } from './port.ts';
import type { Waiting } from './wait.ts';

type Ports = Record<string, Port<unknown>>;
type Params = Record<string, ParamSpec>;
type Credentials = Record<string, { type: string; optional?: boolean }>;
export type NodeMode = 'each' | 'all';

/** The values of params, as `execute` and the price formula receive them: expressions resolved, defaults filled in. */
export type ParamValues<P extends Params> = { [Key in keyof P]: ParamValue<P[Key]> };

type EachInput<I extends Ports> = {
  [Key in keyof I]: I[Key] extends { readonly optional?: true } ? PortValue<I[Key]> | undefined : PortValue<I[Key]>;
};

/** The one argument of `execute`. */
export type ExecuteContext<
  I extends Ports,
  P extends Params,
  C extends Credentials,
  M extends NodeMode,
> = BaseContext & {
  params: ParamValues<P>;
  /** Secret fields of the credentials the node declares, by name. */
  credentials: { [Key in keyof C]: Record<string, string> };
} & (M extends 'all'
    ? {
        /** All values of each port, in order; an unwired port gives none. */
        input: { [Key in keyof I]: PortValue<I[Key]>[] };
        /** The same with each item's fields. */
        items: { [Key in keyof I]: InputItem<PortValue<I[Key]>>[] };
      }
    : {
        /** The item's value on each port. */
        input: EachInput<I>;
        /** The item's fields; with several ports, those of the first port win. */
        fields: JsonObject;
      });

/** What `execute` returns: a value, several items or nothing for every port, and fields when they change. */
export type ExecuteResult<O extends Ports> = {
  [Key in keyof O]: PortValue<O[Key]> | Emitted<PortValue<O[Key]>> | undefined;
} & { fields?: JsonObject };

/** What prices and resources are computed from. `items` is the number of items the node works on. */
export interface FormulaInput<P extends Params> {
  params: ParamValues<P>;
  items: number;
}

/** What a fingerprint is taken of, and what remarks are about. */
export interface FingerprintInput<P extends Params> {
  params: ParamValues<P>;
  /** Where model files are installed. */
  modelsFolder: string;
}

export interface Resources {
  /** The pool of heavy work it belongs to, such as `media`. */
  pool: string;
  /** Memory it needs at its peak. */
  memoryMb: number;
}

export interface NodeInput<
  I extends Ports,
  O extends Ports,
  P extends Params,
  C extends Credentials,
  M extends NodeMode,
> {
  /** Namespaced: `acme.sepia`. */
  type: string;
  /** Whole number; a change that old graphs would feel is a new version with an `upgrade`. */
  version: number;
  title: string;
  summary: string;
  group: NodeGroup;
  /** Name of a lucide icon. */
  icon: string;
  aliases?: string[];
  docs?: string;
  inputs: I;
  outputs: O;
  params?: P;
  credentials?: C;
  /** Credits for all items of one execution, or a formula for them. Default 0. */
  credits?: number | ((input: FormulaInput<P>) => number);
  /** Heavy work says so; without it the node executes in the worker itself. */
  resources?: Resources | ((input: FormulaInput<P>) => Resources);
  /**
   * Megabytes of memory that a call needs at its peak, where that depends on what is installed, such as the model it will use. Asked before
   * each call; takes the place of the usual figure in `resources`.
   */
  peakMemoryMb?: (input: FingerprintInput<P>) => number | Promise<number>;
  /** How urgent runs with this node are, 1 to 10: the highest among the nodes of a graph counts. Default 5. */
  priority?: number;
  /** Most items that nodes of this type work on at the same time in one worker. Default: as many as its pool takes. */
  concurrency?: number;
  effects: Effects;
  /** Says that it may {@link wait}, or with `runs` that it may start runs too. Its `typicalMs` is then its own work, without what it waits for. */
  waits?: true | 'runs';
  /** `each` (default): called once per item; `all`: called once with the whole list. */
  mode?: M;
  /** Milliseconds one item usually takes. Default 50. */
  typicalMs?: number;
  /** The params named in the one line the node's card shows. */
  headline?: (keyof P & string)[];
  /** How many items leave for `items` that came in, for quotes. Default: as many as come in, or one in mode `all`. */
  yields?: (input: FormulaInput<P>) => number;
  /** For quotes: `at-most` when fewer may leave than `yields` says, `unknown` when nobody knows how many before it has executed. */
  counts?: 'at-most' | 'unknown';
  /** What the output of a pure node depends on beside params and items, as text: it becomes part of the cache key. */
  fingerprint?: (input: FingerprintInput<P>) => string | Promise<string>;
  /** What can be said of an item before it is worked on, by its picture and the models of this machine: how long it takes, and how large it becomes. */
  foresee?: (input: ForesightInput<ParamValues<P>>) => Foresight;
  /**
   * Says before a run what a person should know of it, in whole sentences: such as a part of the work that is left out because a model is not
   * installed, with the command that installs it. Shown with the price. It opens no file of the run and takes milliseconds.
   */
  remarks?: (input: FingerprintInput<P>) => string[] | Promise<string[]>;
  /**
   * Turns params of an earlier version into this one's: `upgrade: { 1: ({ power, ...params }) => ({ ...params, strength: power }) }`. It gets
   * what was saved: params that were left at their defaults are missing, and a text may be an expression in double braces.
   */
  upgrade?: Record<number, (params: JsonObject) => JsonObject>;
  /** Returns its outputs, or asks to `wait`. */
  execute(context: ExecuteContext<I, P, C, M>): Promise<ExecuteResult<O> | Waiting> | ExecuteResult<O> | Waiting;
}

/** A context as the engine builds it: checked against the description, its types known only there. */
export interface RawContext extends BaseContext {
  input: Record<string, unknown>;
  items: Record<string, InputItem<Json | FileRef>[]>;
  fields: JsonObject;
  params: JsonObject;
  credentials: Record<string, Record<string, string>>;
}

export type RawResult = Record<string, Json | FileRef | Emitted<Json | FileRef> | undefined>;

/** A node type as the engine holds it: the description as plain data, and functions of one argument. */
export interface NodeDefinition {
  readonly description: NodeDescription;
  /** How it goes on, when it is a loop. */
  readonly loop?: LoopRule;
  readonly upgrade: Readonly<Record<number, (params: JsonObject) => JsonObject>>;
  credits(input: { params: JsonObject; items: number }): number;
  /** Undefined exactly where the description names none: such a node is light, and is executed where the run is. */
  resources(input: { params: JsonObject; items: number }): Resources | undefined;
  /** Left out where `resources` says it. */
  peakMemoryMb?(input: { params: JsonObject; modelsFolder: string }): Promise<number>;
  yields(input: { params: JsonObject; items: number }): number;
  fingerprint(input: { params: JsonObject; modelsFolder: string }): Promise<string>;
  /** What to say of it before a run; left out, nothing. */
  remarks?(input: { params: JsonObject; modelsFolder: string }): Promise<string[]>;
  /** Left out where there is nothing to say. */
  foresee?(input: ForesightInput): Foresight;
  /** Gives what the node gave: at once where the node did. */
  execute(context: RawContext): Promise<RawResult | Waiting> | RawResult | Waiting;
}

declare const paramsType: unique symbol;

/** A {@link NodeDefinition} that remembers its params' types, for tests. */
export type TypedNode<P extends Params> = NodeDefinition & { readonly [paramsType]?: P };

/**
 * Defines a node type. The types of ports and params flow into `execute`: a wrong port or param is a compile error.
 *
 * ```ts
 * export const shout = defineNode({
 *   type: 'acme.shout', version: 1, title: 'Shout', summary: 'Makes text loud.', group: 'processing', icon: 'megaphone',
 *   inputs: { text: port.text() }, outputs: { text: port.text() },
 *   params: { marks: slider({ title: 'Exclamation marks', min: 0, max: 5, default: 1 }) },
 *   effects: 'pure',
 *   execute: ({ input, params }) => ({ text: input.text.toUpperCase() + '!'.repeat(params.marks) }),
 * });
 * ```
 */
export function defineNode<
  const I extends Ports,
  const O extends Ports,
  const P extends Params = Record<never, never>,
  const C extends Credentials = Record<never, never>,
  const M extends NodeMode = 'each',
>(node: NodeInput<I, O, P, C, M>): TypedNode<P> {
  const {
    credits = 0,
    resources,
    peakMemoryMb,
    yields,
    fingerprint,
    remarks,
    foresee,
    upgrade = {},
    execute,
    ...rest
  } = node;
  const mode: NodeMode = node.mode ?? 'each';
  const upgradesFrom = Object.keys(upgrade).map(Number);
  const description: NodeDescription = {
    ...rest,
    inputs: plainPorts(node.inputs),
    outputs: plainPorts(node.outputs),
    params: node.params ?? {},
    credentials: node.credentials ?? {},
    credits: typeof credits === 'function' ? 'formula' : credits,
    ...(resources ? { resources: typeof resources === 'function' ? ('formula' as const) : resources } : {}),
    mode,
    typicalMs: node.typicalMs ?? 50,
    ...(upgradesFrom.length > 0 ? { upgradesFrom } : {}),
  };
  // The casts below hold because the engine checks ports and params against `description` before it calls.
  return {
    description,
    upgrade,
    credits: (input) => (typeof credits === 'function' ? credits(input as FormulaInput<P>) : credits),
    resources: (input) => (typeof resources === 'function' ? resources(input as FormulaInput<P>) : resources),
    ...(peakMemoryMb ? { peakMemoryMb: async (input) => peakMemoryMb(input as unknown as FingerprintInput<P>) } : {}),
    yields: (input) => (yields ? yields(input as FormulaInput<P>) : mode === 'all' ? 1 : input.items),
    fingerprint: async (input) => (await fingerprint?.(input as unknown as FingerprintInput<P>)) ?? '',
    ...(remarks ? { remarks: async (input) => remarks(input as unknown as FingerprintInput<P>) } : {}),
    ...(foresee
      ? { foresee: (input: ForesightInput) => foresee(input as unknown as ForesightInput<ParamValues<P>>) }
      : {}),
    execute: (context) =>
      execute(context as unknown as ExecuteContext<I, P, C, M>) as ReturnType<NodeDefinition['execute']>,
  };
}

function plainPorts(ports: Ports): Record<string, PortSpec> {
  return Object.fromEntries(Object.entries(ports).map(([key, spec]) => [key, { ...spec } as PortSpec]));
}
