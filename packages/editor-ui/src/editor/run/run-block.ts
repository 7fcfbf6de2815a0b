import type { GraphInput, Problem } from '@imaginarium/protocol';

/** Whether a problem is only a value that the run will ask for. */
export function isAskedFor(problem: Problem, inputs: readonly GraphInput[]): boolean {
  return (
    (problem.code === 'missing-param' || problem.code === 'wrong-param') &&
    inputs.some((input) => input.to.some(({ node, param }) => node === problem.node && param === problem.path))
  );
}

/** The first problem that keeps the workflow from running, whatever the run is asked with. */
export function runBlock(problems: readonly Problem[], inputs: readonly GraphInput[]): Problem | undefined {
  return problems.find((problem) => !isAskedFor(problem, inputs));
}
