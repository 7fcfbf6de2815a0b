import type { ExpressionScope, Item, JsonObject, Run } from '@imaginarium/protocol';
import type { Row } from '../items/pair-items.ts';

/** What `{{ }}` expressions of a run can see. */
export class ItemScope {
  readonly #run: JsonObject;
  readonly #nodes: () => JsonObject;
  readonly #loop: JsonObject;

  private constructor(run: JsonObject, nodes: () => JsonObject, loop: JsonObject) {
    this.#run = run;
    this.#nodes = nodes;
    this.#loop = loop;
  }

  /**
   * @param run the run, for `run.workflow`, `run.date`, `run.time` (UTC, fit for file names) and `run.inputs`.
   * @param nodes items of the settled nodes by the nodes' names, for `nodes["Upscale"].items[0]`.
   */
  static of(run: Run, nodes: () => JsonObject): ItemScope {
    const startedAt = run.startedAt ?? run.createdAt;
    const shown = {
      id: run.id,
      workflow: run.workflowName,
      date: startedAt.slice(0, 10),
      time: startedAt.slice(11, 19).replaceAll(':', '-'),
      inputs: run.inputs,
    };
    return new ItemScope(shown, nodes, {});
  }

  /** What expressions see in one iteration of a loop: its nodes as well, and the loop's own numbers. */
  inside(nodes: () => JsonObject, loop: JsonObject): ItemScope {
    const isNested = Object.keys(this.#loop).length > 0;
    return new ItemScope(this.#run, nodes, isNested ? { ...loop, outer: this.#loop } : loop);
  }

  /** What code nodes see beside their items. */
  get shared(): JsonObject {
    return { run: this.#run, vars: {}, loop: this.#loop };
  }

  /** The scope of one row of items. Fields of the first port win; `value`, `file` and `index` stand beside them. */
  forRow(row: Row, index: number): ExpressionScope {
    const nodes = this.#nodes;
    const items = Object.values(row);
    const [first] = items;
    return {
      item: { index, ...content(first), ...Object.assign({}, ...items.map((item) => item.fields).reverse()) },
      run: this.#run,
      vars: {},
      loop: this.#loop,
      // Looked up when an expression asks for it, not for every row.
      get nodes() {
        return nodes();
      },
    };
  }
}

function content(item: Item | undefined): JsonObject {
  if (!item) return {};
  return item.file ? { file: { ...item.file } as JsonObject } : { value: item.value ?? null };
}
