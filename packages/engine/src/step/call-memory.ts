import type { Call } from '../call/step-call.ts';
import type { StepContext } from '../call/step-context.ts';
import type { PlannedNode } from '../plan/plan.ts';
import type { NodeResult } from '../ports/node-executor.ts';
import { isCacheable } from './cache-key.ts';
import { GatheredStep } from './step-items.ts';
import { type StepMemory, stepMemoryOf } from './step-memory.ts';

/** A node this slow is worth a look for each of its items: of a batch in which one picture is new, only that one is worked on. */
const WORTH_EACH_MS = 1000;

/** The results of single calls of a step in the cache, each as a step with that one item would keep it. */
export class CallMemory {
  readonly #planned: PlannedNode;
  readonly #context: StepContext;
  readonly #when: 'at-once' | 'at-end';
  readonly #memories = new Map<Call, StepMemory>();
  readonly #unsettled: { call: Call; result: NodeResult }[] = [];

  constructor(planned: PlannedNode, context: StepContext, when: 'at-once' | 'at-end') {
    this.#planned = planned;
    this.#context = context;
    this.#when = when;
  }

  async recall(call: Call): Promise<NodeResult | undefined> {
    const known = await (await this.#memoryOf(call)).recall();
    if (!known) return undefined;
    const outputs = Object.entries(known.outputs).map(
      ([port, items]) => [port, items.map(({ value, fields }) => ({ value, fields }))] as const,
    );
    return { outputs: Object.fromEntries(outputs) };
  }

  /** A call was made and gave its result. */
  async noteMade(call: Call, result: NodeResult): Promise<void> {
    if (this.#when === 'at-once') await this.#keep(call, result);
    else this.#unsettled.push({ call, result });
  }

  /** The step came to its end. */
  async settle(): Promise<void> {
    for (const { call, result } of this.#unsettled) await this.#keep(call, result);
  }

  async #keep(call: Call, result: NodeResult): Promise<void> {
    const step = new GatheredStep(this.#planned);
    step.add(call, 0, result);
    await (await this.#memoryOf(call)).keep(step);
  }

  async #memoryOf(call: Call): Promise<StepMemory> {
    const known = this.#memories.get(call) ?? (await stepMemoryOf(this.#planned, [call], {}, this.#context));
    this.#memories.set(call, known);
    return known;
  }
}

/**
 * Where results of a step's single calls are kept.
 * @param when at once, or when the step has come to its end.
 * @returns undefined for a node too quick for that, and where the step has but one call.
 */
export function callMemoryOf(
  planned: PlannedNode,
  calls: readonly Call[],
  context: StepContext,
  when: 'at-once' | 'at-end',
): CallMemory | undefined {
  const { registered, node } = planned;
  const { resources, typicalMs, mode } = registered.definition.description;
  const isWorth = calls.length > 1 && mode === 'each' && resources !== undefined && typicalMs >= WORTH_EACH_MS;
  return isWorth && isCacheable(registered, node.policy) ? new CallMemory(planned, context, when) : undefined;
}
