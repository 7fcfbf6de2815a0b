import { type Failure, type FileRef, isTerminal, type PortItems, type Step, stepKey } from '@imaginarium/protocol';
import { freezeDeep } from '../items/freeze-deep.ts';
import type { PlannedNode } from './plan.ts';

/** What an earlier worker wrote down of a run before it died: where another goes on. Empty for a run that begins. */
export class EarlierSteps {
  readonly #steps: ReadonlyMap<string, Step>;
  #failures: Map<string, Failure | null> | undefined;

  constructor(steps: readonly Step[]) {
    this.#steps = new Map(steps.map((step) => [stepKey(step), step]));
  }

  find(node: string, iteration = ''): Step | undefined {
    return this.#steps.size === 0 ? undefined : this.#steps.get(stepKey({ node, iteration }));
  }

  /** Why an iteration of a loop has failed already, when one of its steps has; what else was at work in it then. */
  failedIteration(iteration: string): { failure: Failure; open: Step[] } | undefined {
    this.#failures ??= new Map(
      this.#inOrder()
        .filter((step) => step.state === 'failed')
        .map((step) => [step.iteration, step.error]),
    );
    const failure = this.#failures.get(iteration);
    if (!failure) return undefined;
    const isInside = (step: Step) => step.iteration === iteration || step.iteration.startsWith(`${iteration}/`);
    return { failure, open: [...this.#steps.values()].filter((step) => isInside(step) && !isTerminal(step.state)) };
  }

  /** Why the run has failed already, when one of its steps outside of loops has. */
  get failure(): Failure | undefined {
    return this.#inOrder().find((step) => step.state === 'failed' && step.iteration === '')?.error ?? undefined;
  }

  /** The last picture that a step gave. */
  get cover(): FileRef | null {
    const pictures = this.#inOrder().flatMap((step) => pictureOf(step) ?? []);
    return pictures.at(-1) ?? null;
  }

  #inOrder(): Step[] {
    return [...this.#steps.values()].sort((a, b) => (a.finishedAt ?? '').localeCompare(b.finishedAt ?? ''));
  }
}

/** The picture that a step is known by: the first that it made itself. */
export function pictureOf({ state, outputs }: Pick<Step, 'state' | 'outputs'>): FileRef | null {
  return state === 'skipped' ? null : firstPicture(outputs);
}

function firstPicture(outputs: PortItems): FileRef | null {
  for (const port in outputs) {
    const file = outputs[port]?.[0]?.file;
    if (file?.kind === 'image') return file;
  }
  return null;
}

/**
 * Whether a step needs nothing more: its outputs are read from the record, and it is neither executed nor paid again. A step that was
 * cancelled ended with its run, and stays so only if the run ends again.
 */
export function isOver(step: Step | undefined, runIsOver: boolean): step is Step {
  return step !== undefined && isTerminal(step.state) && (step.state !== 'cancelled' || runIsOver);
}

/** The outputs of a recorded step, as unchangeable as they were when it gave them. */
export function recordedOutputs({ outputs }: Step): PortItems {
  return freezeDeep(outputs);
}

/** Whether a node, or the one that may take its place, has effects that must not be repeated blindly. */
export function hasEffectOnce({ registered, fallback }: PlannedNode): boolean {
  return [registered, fallback?.registered].some((entry) => entry?.definition.description.effects === 'once');
}

/** Whether what came before a node must be stored first, and its own result soon: it cannot be repeated, or it is heavy. */
export function isDear(planned: PlannedNode): boolean {
  return hasEffectOnce(planned) || planned.registered.definition.description.resources !== undefined;
}

/**
 * Why a step cannot be executed again: its worker died while it was at work, and nobody knows whether its effect happened.
 * @param item which of its items it was at work on, counted from 1, where that is known.
 */
export function unknownOutcome({ node }: PlannedNode, item?: number): Failure {
  const work = item === undefined ? 'at work' : `at work on item ${item}`;
  return {
    code: 'step-outcome-unknown',
    message: `The server stopped while ${node.name} was ${work}. Nobody knows whether it took effect, so it was not repeated.`,
    node: node.id,
    remedy: 'Look whether it did. If it did not, run again; if repeating does no harm, let its policy say so.',
  };
}
