import {
  type Graph,
  isSavable,
  type JsonObject,
  type NodeCatalogue,
  type Problem,
  parseGraph,
  validateGraph,
} from '@imaginarium/protocol';
import { HttpError } from '../http/http-error.ts';

/**
 * A graph that may be stored: it is one, and makes sense. What only keeps it from running is listed beside it.
 * @throws {HttpError} `graph-invalid` with all problems.
 */
export function readGraph(document: unknown, catalogue: NodeCatalogue): { graph: Graph; problems: Problem[] } {
  const parsed = parseGraph(document);
  if (!parsed.ok) throw graphInvalid(parsed.problems);
  const problems = validateGraph(parsed.graph, catalogue);
  if (!isSavable(problems)) throw graphInvalid(problems.filter((problem) => problem.severity === 'error'));
  return { graph: parsed.graph, problems };
}

/** The refusal that lists what is wrong with a graph. */
export function graphInvalid(problems: readonly Problem[]): HttpError {
  return new HttpError('graph-invalid', summary(problems), problemDetails(problems));
}

/** The first problem in words, and how many there are. */
export function summary(problems: readonly Problem[]): string {
  const [first] = problems;
  const rest = problems.length > 1 ? ` ${problems.length - 1} more in the details.` : '';
  return `${first?.message ?? 'The graph is not valid.'} ${first?.remedy ?? ''}${rest}`.trim();
}

/** Problems as the details of an error. */
export function problemDetails(problems: readonly Problem[]): JsonObject {
  return { problems: problems.map((problem) => ({ ...problem })) };
}
