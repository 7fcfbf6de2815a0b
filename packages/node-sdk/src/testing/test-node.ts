import {
  type FileRef,
  type Json,
  type JsonObject,
  type LogLevel,
  type ParamSpec,
  refuseParamValue,
  withDefaults,
} from '@imaginarium/protocol';
import { type Emitted, type FailedInput, type InputItem, isEmitted, type NodeFiles, type NodeLog } from '../context.ts';
import type { NodeDefinition, ParamValues, RawResult, TypedNode } from '../define-node.ts';
import type { NodeHttp } from '../http.ts';
import { type Resumed, type WaitRequest, waitRequestOf } from '../wait.ts';
import { TestCode } from './test-code.ts';
import { TestFiles } from './test-files.ts';
import { TestHttp } from './test-http.ts';

type Value = Json | FileRef;

/** An item given to a node under test: its value on each port, and its fields. */
export interface TestItem {
  input?: Record<string, Value>;
  fields?: JsonObject;
}

/** What a node under test did. */
export interface TestOutcome {
  /** Items by port, in order. */
  outputs: Record<string, { value: Value; fields: JsonObject }[]>;
  logs: { level: LogLevel; message: string; data?: JsonObject }[];
  progress: number[];
  /** In mode `all`, the items that it said came to nothing. */
  failed: FailedInput[];
  /** What it asked to wait for in this turn, one for each call that did. */
  waits: WaitRequest[];
}

/** Runs a node type without a server: `await testNode(sepia).params({ strength: 1 }).items([{ input: { image } }]).run()`. */
export function testNode<P extends Record<string, ParamSpec> = Record<string, ParamSpec>>(
  node: TypedNode<P>,
): NodeTest<P> {
  return new NodeTest(node);
}

class NodeTest<P extends Record<string, ParamSpec>> {
  readonly #node: NodeDefinition;
  #params: JsonObject = {};
  #items: TestItem[] = [{}];
  #signal: AbortSignal = new AbortController().signal;
  #files: NodeFiles | undefined;
  #modelsFolder = '/nonexistent';
  #resumed: Resumed | undefined;
  #http: NodeHttp = new TestHttp();

  constructor(node: NodeDefinition) {
    this.#node = node;
  }

  /** Sets params; those left out have their defaults. */
  params(values: Record<string, ParamSpec> extends P ? JsonObject : Partial<ParamValues<P>>): this {
    this.#params = values as JsonObject; // Param values are JSON; the run checks each against its param.
    return this;
  }

  /** Sets the items, one object each. Default: one item with nothing on its ports. */
  items(items: readonly TestItem[]): this {
    this.#items = [...items];
    return this;
  }

  /** Uses these files, so that items can refer to them. Default: an empty set of its own. */
  files(files: NodeFiles): this {
    this.#files = files;
    return this;
  }

  signal(signal: AbortSignal): this {
    this.#signal = signal;
    return this;
  }

  /** Has requests answered. Default: 200 with `{}` for each. */
  http(http: NodeHttp): this {
    this.#http = http;
    return this;
  }

  /** Where the node finds installed models. Default: nowhere. */
  modelsFolder(folder: string): this {
    this.#modelsFolder = folder;
    return this;
  }

  /** Calls the node as when what it waited for has come. Default: its first turn. */
  resumed(resumed: Resumed): this {
    this.#resumed = resumed;
    return this;
  }

  /**
   * Executes the node over its items, as the engine would without retry.
   * @throws {Error} for params the node does not have or that do not fit, and what the node throws.
   */
  async run(): Promise<TestOutcome> {
    const { description } = this.#node;
    for (const [key, value] of Object.entries(this.#params)) {
      const spec = description.params[key];
      const refusal = spec ? refuseParamValue(spec, value) : 'the node has no such param';
      if (refusal) throw new Error(`params.${key}: ${refusal}`);
    }
    const outcome: TestOutcome = { outputs: {}, logs: [], progress: [], failed: [], waits: [] };
    for (const key of Object.keys(description.outputs)) outcome.outputs[key] = [];
    if (description.mode === 'all') await this.#execute(this.#items, outcome);
    else for (const item of this.#items) await this.#execute([item], outcome);
    return outcome;
  }

  async #execute(items: readonly TestItem[], outcome: TestOutcome): Promise<void> {
    const { description } = this.#node;
    const ports = Object.keys(description.inputs);
    const byPort: Record<string, InputItem<Value>[]> = Object.fromEntries(
      ports.map((port) => [
        port,
        items.flatMap(({ input = {}, fields = {} }) =>
          input[port] === undefined ? [] : [{ value: input[port], fields }],
        ),
      ]),
    );
    const fields = items[0]?.fields ?? {};
    const log = (level: LogLevel) => (message: string, data?: JsonObject) => {
      outcome.logs.push(data ? { level, message, data } : { level, message });
    };
    const files = this.#files ?? new TestFiles();
    try {
      const result = await this.#node.execute({
        input: Object.fromEntries(
          ports.map((port) => {
            const values = byPort[port]?.map((item) => item.value) ?? [];
            return [port, description.mode === 'all' ? values : values[0]];
          }),
        ),
        items: byPort,
        fields,
        params: withAssetLists(description.params, withDefaults(description.params, this.#params)),
        credentials: {},
        code: new TestCode(),
        http: this.#http,
        files,
        log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') } satisfies NodeLog,
        progress: (share) => outcome.progress.push(share),
        signal: this.#signal,
        modelsFolder: this.#modelsFolder,
        idempotencyKey: 'test:node:0',
        ...(this.#resumed ? { resumed: this.#resumed } : {}),
      });
      const request = waitRequestOf(result);
      if (request) return void outcome.waits.push(request);
      const { fields: newFields, ...values } = result as RawResult; // It is no request to wait.
      for (const [port, value] of Object.entries(values)) {
        if (value === undefined) continue;
        const list = outcome.outputs[port];
        if (!list) throw new Error(`The node returned a value for "${port}", which is not one of its outputs.`);
        if (isEmitted(value)) outcome.failed.push(...(value.failed ?? []));
        for (const item of emittedItems(value)) {
          list.push({ value: item.value, fields: item.fields ?? (newFields as JsonObject | undefined) ?? fields });
        }
      }
    } finally {
      if (!this.#files) await (files as TestFiles)[Symbol.asyncDispose]();
    }
  }
}

function emittedItems(value: Value | Emitted<Value>): { value: Value; fields?: JsonObject }[] {
  return isEmitted(value) ? [...value.items] : [{ value }];
}

/** An asset param that takes several files is a list even when it holds one or none, as the engine gives it. */
function withAssetLists(specs: NodeDefinition['description']['params'], values: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const spec = specs[key];
      if (spec?.kind !== 'asset' || !spec.multiple || Array.isArray(value)) return [key, value];
      return [key, value === null ? [] : [value]];
    }),
  );
}
