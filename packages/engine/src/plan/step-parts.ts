import type { StepPart } from '../ports/run-store.ts';
import type { DoneCall } from '../ports/run-waits.ts';
import { hasEffectOnce } from './earlier-steps.ts';
import type { PlannedNode } from './plan.ts';

/** Where the parts of steps are written down. */
export interface PartRecorder {
  part(part: StepPart): void;
  /** Stores what was written down so far. */
  flush(): Promise<void>;
}

/**
 * The calls of a step, written down one by one: what has finished when its worker dies is neither made nor paid again by the next. A call
 * that must not be repeated is written down before it is made, too.
 */
export class StepParts {
  readonly #step: Pick<StepPart, 'node' | 'iteration'>;
  readonly #recorder: PartRecorder;
  readonly #earlier: ReadonlyMap<number, StepPart>;
  readonly #once: boolean;
  readonly #mayRepeat: boolean;

  /** @param earlier what an earlier worker wrote down of the step. */
  constructor(planned: PlannedNode, iteration: string, earlier: readonly StepPart[], recorder: PartRecorder) {
    this.#step = { node: planned.node.id, iteration };
    this.#recorder = recorder;
    this.#earlier = new Map(earlier.map((part) => [part.call, part]));
    this.#once = hasEffectOnce(planned);
    this.#mayRepeat = planned.node.policy?.onUnknownOutcome === 'retry';
  }

  /** The calls that an earlier worker made. */
  get done(): DoneCall[] {
    return [...this.#earlier.values()].flatMap((part) => (part.state === 'done' ? part : []));
  }

  /** Whether nobody knows if a call took effect: its worker died while it made it, and it must not be repeated blindly. */
  isUnknown(call: number): boolean {
    return this.#once && !this.#mayRepeat && this.#earlier.get(call)?.state === 'begun';
  }

  /** Resolves when a call may be made: of one that must not be repeated it is stored by then that it was begun. */
  async begin(call: number): Promise<void> {
    if (!this.#once) return;
    this.#recorder.part({ ...this.#step, call, state: 'begun' });
    await this.#recorder.flush();
  }

  /** Writes down that a call has ended its turn, and waits for something. */
  rest(call: number): void {
    if (this.#once) this.#recorder.part({ ...this.#step, call, state: 'waits' });
  }

  /** Writes down what a call came to. */
  finish(done: DoneCall): void {
    this.#recorder.part({ ...this.#step, state: 'done', ...done });
  }
}

/** Whether the calls of a node are written down one by one: it does more than what can be had again for little. */
export function keepsParts({ registered }: PlannedNode): boolean {
  const { effects, resources } = registered.definition.description;
  return effects !== 'pure' || resources !== undefined;
}
