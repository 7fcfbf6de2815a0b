import { NonRetryableError } from '@imaginarium/node-sdk';
import {
  type Item,
  type JsonObject,
  type NodeDescription,
  type PortSpec,
  type PortType,
  stepKey,
} from '@imaginarium/protocol';
import type { Row } from '../items/pair-items.ts';
import { portValue, refuseType } from '../items/port-value.ts';
import type { RegisteredNode } from '../packages/node-registry.ts';
import type { PlannedNode } from '../plan/plan.ts';
import type { NodeTask } from '../ports/node-executor.ts';
import type { StepContext } from './step-context.ts';

/** One call of the node: a row of items, or with mode `all` everything at once. */
export interface Call {
  /** Counts the calls of the step from 0. */
  index: number;
  row: Row;
  params: JsonObject;
  task: NodeTask;
  /** Why it cannot be made: its params or an input do not fit. It fails like a call that threw this. */
  refusal: unknown;
}

/** A wire from a port of type `any` may bring something else than the port takes. */
function refuseInput({ input }: NodeTask, { inputs, mode }: NodeDescription): NonRetryableError | undefined {
  for (const port in inputs) {
    const { type, title } = inputs[port] as PortSpec;
    const given = input[port];
    // Each value of the list that mode `all` gives, or the one value.
    const refusal =
      mode === 'all'
        ? firstRefusal(type, given as unknown[])
        : given === undefined
          ? undefined
          : refuseType(type, given);
    if (refusal) return new NonRetryableError(`${title ?? port}: ${refusal}.`);
  }
  return undefined;
}

function firstRefusal(type: PortType, values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const refusal = refuseType(type, value);
    if (refusal) return refusal;
  }
  return undefined;
}

/** Makes the tasks of a step: what is the same in all of them is found out once. */
export class StepTasks {
  readonly #node: PlannedNode['node'];
  readonly #description: NodeDescription;
  readonly #revision: number;
  readonly #modelsFolder: string;
  /** What keys of its calls begin with. */
  readonly #step: string;
  /** In mode `all`. */
  readonly #whole: WholeInput | undefined;

  constructor(
    { node, registered }: PlannedNode,
    inputs: Record<string, Item[]>,
    { scope, services, iteration }: StepContext,
  ) {
    const { description } = registered.definition;
    this.#node = node;
    this.#description = description;
    this.#revision = registered.revision;
    this.#modelsFolder = services.modelsFolder;
    this.#step = `${scope.runId}:${stepKey({ node: node.id, iteration })}:`;
    this.#whole = description.mode === 'all' ? everyItem(Object.entries(description.inputs), inputs) : undefined;
  }

  /** The task of a call. @param index counts the calls from 0. */
  make(row: Row, params: JsonObject, index: number): NodeTask {
    const whole = this.#whole;
    const task: NodeTask = {
      type: this.#node.type,
      version: this.#node.version,
      input: whole ? whole.values : this.#inputOf(row),
      items: whole ? whole.items : NO_ITEMS,
      fields: whole ? {} : mergedFields(row),
      params,
      credentials: NO_CREDENTIALS,
      idempotencyKey: this.#step + index,
      modelsFolder: this.#modelsFolder,
    };
    if (this.#revision > 0) task.revision = this.#revision;
    return task;
  }

  /** Why a call cannot be made with what comes in. */
  refusalOf(task: NodeTask): NonRetryableError | undefined {
    return refuseInput(task, this.#description);
  }

  #inputOf(row: Row): NodeTask['input'] {
    const { inputs: specs } = this.#description;
    const input: NodeTask['input'] = {};
    for (const port in specs) {
      const item = row[port];
      input[port] = item && portValue(item, (specs[port] as PortSpec).type);
    }
    return input;
  }
}

const NO_CREDENTIALS: NodeTask['credentials'] = Object.freeze({});
const NO_ITEMS: NodeTask['items'] = Object.freeze({});

interface WholeInput {
  values: NodeTask['input'];
  items: NodeTask['items'];
}

/** All items of each port, as mode `all` takes them. */
function everyItem(ports: readonly (readonly [string, PortSpec])[], inputs: Record<string, Item[]>): WholeInput {
  const items = Object.fromEntries(
    ports.map(([port, { type }]) => [
      port,
      (inputs[port] ?? []).map((item) => ({ value: portValue(item, type), fields: item.fields })),
    ]),
  );
  const values = ports.map(([port]) => [port, items[port]?.map(({ value }) => value)]);
  return { items, values: Object.fromEntries(values) };
}

/** Which loading of its package a task is for, where there was more than one. */
export function revisionOf({ revision }: RegisteredNode): Pick<NodeTask, 'revision'> {
  return revision === 0 ? {} : { revision };
}

/** Fields of all items of a row; those of the first port win. */
function mergedFields(row: Row): JsonObject {
  let ports = 0;
  let last: Item | undefined;
  for (const port in row) {
    last = row[port];
    ports++;
  }
  if (last && ports === 1) return last.fields;
  const items = Object.values(row);
  return Object.assign({}, ...items.map((item) => item.fields).reverse());
}
