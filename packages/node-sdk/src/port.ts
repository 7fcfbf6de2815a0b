import type { FileRef, Json, PortSpec, PortType, SinglePortType } from '@imaginarium/protocol';

declare const valueType: unique symbol;

/** A port of a node type: plain data, and the type of the value that travels through it. */
export type Port<Value, Optional extends boolean = boolean> = PortSpec & {
  readonly [valueType]?: Value;
  readonly optional?: Optional;
};

/** What a port declaration may say beside its type. */
export interface PortOptions {
  title?: string;
  /** The input takes several wires. Default false. */
  many?: boolean;
}

interface DeclarePort<Value> {
  /** A port whose input may stay without a wire: its value is then `undefined`. */
  (options: PortOptions & { optional: true }): Port<Value, true>;
  (options?: PortOptions): Port<Value, false>;
}

function declare<Value>(type: PortType): DeclarePort<Value> {
  // `valueType` exists for the compiler only, and the overloads say what `optional` is.
  return ((options: PortOptions = {}) => ({ type, ...options })) as DeclarePort<Value>;
}

/** Declares the inputs and outputs of a node: `inputs: { image: port.image() }`. */
export const port = {
  image: declare<FileRef>('image'),
  video: declare<FileRef>('video'),
  audio: declare<FileRef>('audio'),
  document: declare<FileRef>('document'),
  text: declare<string>('text'),
  number: declare<number>('number'),
  boolean: declare<boolean>('boolean'),
  json: declare<Json>('json'),
  /** Takes or gives values of every type, files among them. */
  any: declare<Json | FileRef>('any'),
  /** Several values in one item, as against several items: `port.list(port.text())`. */
  list<Value>(element: Port<Value>): Port<Value[], false> {
    return { ...element, type: `list<${element.type as SinglePortType}>` } as unknown as Port<Value[], false>; // As above.
  },
};

/** The value type of a port. */
export type PortValue<P> = P extends { readonly [valueType]?: infer Value } ? Exclude<Value, undefined> : never;
