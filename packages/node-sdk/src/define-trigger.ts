import type { FileRef, Json, JsonObject, TriggerKind } from '@imaginarium/protocol';
import type { Emitted } from './context.ts';
import { defineNode, type ParamValues, type TypedNode } from './define-node.ts';
import type { Param } from './param.ts';
import type { Port, PortValue } from './port.ts';

type Outputs = Record<string, Port<unknown>>;
/** Every trigger has the param `sample`: what a run's cause brought, or an example of it where a person starts the run. */
type TriggerParams = Parameters<typeof defineNode>[0]['params'] & { sample: Param<Json, 'json'> };

export interface TriggerInput<O extends Outputs, P extends TriggerParams> {
  /** Namespaced: `trigger.webhook`. */
  type: string;
  version: number;
  /** What the server listens to for it. */
  trigger: TriggerKind;
  title: string;
  summary: string;
  /** Name of a lucide icon. */
  icon: string;
  aliases?: string[];
  docs?: string;
  outputs: O;
  params: P;
  headline?: (keyof P & string)[];
  /** Turns what the cause brought, `params.sample`, into items. */
  execute(context: { params: ParamValues<P> }): {
    [Key in keyof O]: PortValue<O[Key]> | Emitted<PortValue<O[Key]> & (Json | FileRef)> | undefined;
  } & { fields?: JsonObject };
}

/**
 * Defines a node type at which runs start: it has no inputs, and the server listens for it once a version of the workflow is active. What
 * a cause brings is data: nothing in it is ever read as an expression.
 */
export function defineTrigger<const O extends Outputs, const P extends TriggerParams>(
  input: TriggerInput<O, P>,
): TypedNode<P> {
  const { trigger, execute, ...rest } = input;
  const node = defineNode<Record<never, never>, O, P>({
    ...rest,
    group: 'input',
    inputs: {},
    effects: 'idempotent',
    typicalMs: 1,
    execute: ({ params }) => execute({ params }),
  });
  return { ...node, description: { ...node.description, trigger } };
}
