import type { JsonObject, LoopBody, NodeGroup, ParamSpec, PortSpec } from '@imaginarium/protocol';
import type { NodeDefinition, ParamValues } from './define-node.ts';
import type { Port } from './port.ts';

type Ports = Record<string, Port<unknown>>;
type Params = Record<string, ParamSpec>;

/** How the items of a loop are divided among its iterations. */
export interface Division {
  /** Items of one iteration, from 1. */
  size: number;
  /** Iterations under way at the same time, from 1; with 1 they go in order. */
  atOnce: number;
}

/** How a loop goes on: the engine asks, and does the rest. */
export type LoopRule =
  | { readonly kind: 'each'; divide(input: { params: JsonObject }): Division }
  | {
      readonly kind: 'repeat';
      /** Iterations after which items leave in any case, from 1. */
      limit(input: { params: JsonObject }): number;
      /** Whether an item that an iteration brought is done, and leaves the loop. */
      isDone(input: { params: JsonObject }): boolean;
    };

/** A port on the inside of a loop that gives items of one of the loop's inputs to the nodes placed in it. */
export type GivingPort = Port<unknown> & {
  /** The input whose items it gives. */
  of: string;
  /** Gives all items of that input in every iteration. */
  whole?: boolean;
};

/** A port on the inside of a loop that takes what an iteration brings. */
export type TakingPort = Port<unknown> & {
  /** The output by which it leaves the loop. */
  into: string;
};

interface LoopInput<P extends Params> {
  type: string;
  version: number;
  title: string;
  summary: string;
  group: NodeGroup;
  icon: string;
  aliases?: string[];
  docs?: string;
  inputs: Ports;
  outputs: Ports;
  params?: P;
  headline?: (keyof P & string)[];
  /** One of these gives what the loop goes over, the others are `whole`. */
  gives: Record<string, GivingPort>;
  /** The one port that takes what an iteration brings. */
  takes: Record<string, TakingPort>;
}

/** A loop whose iterations share its items among them. */
interface EachLoop<P extends Params> extends LoopInput<P> {
  /** Asked once, with params resolved for the first item. */
  each(input: { params: ParamValues<P> }): Division;
}

/** A loop that runs again with what it brought, until that is done. */
interface RepeatLoop<P extends Params> extends LoopInput<P> {
  /** Whether an item that an iteration brought is done, with params resolved for it: `{{ item.width }}` is the width it has now. */
  isDone(input: { params: ParamValues<P> }): boolean;
  /** Iterations after which items leave in any case, from 1. */
  limit(input: { params: ParamValues<P> }): number;
  /** The output for items that reached the limit and are not done. */
  unfinished: string;
}

/**
 * Defines a loop: a node that other nodes are placed in. What is wired inside it runs once in each iteration; the engine stores every step
 * of it, and goes on in the middle of a loop after a crash.
 * @throws {Error} when its inner ports do not fit its inputs and outputs.
 */
export function defineLoop<const P extends Params = Record<never, never>>(
  loop: EachLoop<P> | RepeatLoop<P>,
): NodeDefinition {
  const { type, version, title, summary, group, icon, aliases, docs, headline, inputs, outputs, gives, takes } = loop;
  const isEach = 'each' in loop;
  checkPorts(loop);
  const body: LoopBody = {
    loop: isEach ? 'each' : 'repeat',
    gives: plain<LoopBody['gives'][string]>(gives),
    takes: plain<LoopBody['takes'][string]>(takes),
    ...(isEach ? {} : { unfinished: loop.unfinished }),
  };
  // The casts hold because the engine resolves and checks params against the description before it asks.
  const rule: LoopRule = isEach
    ? { kind: 'each', divide: ({ params }) => loop.each({ params: params as ParamValues<P> }) }
    : {
        kind: 'repeat',
        limit: ({ params }) => loop.limit({ params: params as ParamValues<P> }),
        isDone: ({ params }) => loop.isDone({ params: params as ParamValues<P> }),
      };
  return {
    description: {
      ...{ type, version, title, summary, group, icon, body, credentials: {}, credits: 0 },
      ...{ effects: 'idempotent', mode: 'all', typicalMs: 0 },
      ...(aliases ? { aliases } : {}),
      ...(docs === undefined ? {} : { docs }),
      ...(headline ? { headline } : {}),
      inputs: plain<PortSpec>(inputs),
      outputs: plain<PortSpec>(outputs),
      params: loop.params ?? {},
    },
    loop: rule,
    upgrade: {},
    credits: () => 0,
    resources: () => undefined,
    yields: ({ items }) => items,
    fingerprint: async () => '',
    execute: async () => {
      throw new Error(`${type} is a loop: the engine runs what is placed in it, and never the loop itself.`);
    },
  };
}

function checkPorts<P extends Params>(loop: EachLoop<P> | RepeatLoop<P>): void {
  const { type, inputs, outputs, gives, takes } = loop;
  const refuse = (message: string): never => {
    throw new Error(`${type}: ${message}`);
  };
  const [taking, ...more] = Object.values(takes);
  if (!taking || more.length > 0) refuse(`expected one port in takes, received ${Object.keys(takes).length}`);
  const over = Object.values(gives).filter(({ whole }) => !whole);
  if (over.length !== 1) refuse(`expected one port in gives that is not whole, received ${over.length}`);
  for (const [port, { of }] of Object.entries(gives)) {
    if (!Object.hasOwn(inputs, of)) refuse(`gives.${port}.of: expected an input, received "${of}"`);
    if (Object.hasOwn(outputs, port)) refuse(`gives.${port}: an output has this name already`);
  }
  for (const [port, { into }] of Object.entries(takes)) {
    if (!Object.hasOwn(outputs, into)) refuse(`takes.${port}.into: expected an output, received "${into}"`);
    if (Object.hasOwn(inputs, port)) refuse(`takes.${port}: an input has this name already`);
  }
  if ('unfinished' in loop && !Object.hasOwn(outputs, loop.unfinished))
    refuse(`unfinished: expected an output, received "${loop.unfinished}"`);
}

function plain<Spec extends PortSpec>(ports: Record<string, PortSpec>): Record<string, Spec> {
  return Object.fromEntries(Object.entries(ports).map(([key, spec]) => [key, { ...spec } as Spec]));
}
