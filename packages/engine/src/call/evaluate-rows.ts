import { NonRetryableError } from '@imaginarium/node-sdk';
import type { ExpressionScope, JsonObject, ParamSpec } from '@imaginarium/protocol';
import { plainText } from '../items/plain-text.ts';
import { codeInParams, type Evaluate } from './resolve-params.ts';
import type { StepContext } from './step-context.ts';

/**
 * Evaluates the expressions of a node's params that are more than a path, for all rows at once. Where there are none, nothing is asked of
 * anybody.
 * @returns by row, what each source gave; it throws for a source that failed in that row.
 * @throws {NonRetryableError} when they took too long or too much memory.
 */
export async function evaluateRows(
  specs: Readonly<Record<string, ParamSpec>>,
  params: JsonObject,
  scopes: readonly ExpressionScope[],
  { services, scope, signal }: Pick<StepContext, 'services' | 'scope' | 'signal'>,
): Promise<Evaluate[]> {
  const sources = codeInParams(specs, params);
  const [first] = scopes;
  if (sources.length === 0 || !first) return [];
  const program = {
    kind: 'expressions',
    language: 'javascript',
    sources,
    shared: {
      run: first.run,
      vars: first.vars,
      loop: first.loop,
      nodes: sources.some(mentionsNodes) ? first.nodes : {},
    },
    rows: scopes.map(({ item }) => ({ item })),
  } as const;
  const { results } = await services.code.run(scope.workspaceId, program, signal);
  const places = new Map(sources.map((source, place) => [source, place]));
  return results.map((line) => (source) => {
    const result = line[places.get(source) ?? -1] ?? { error: 'it was not evaluated.' };
    if ('value' in result) return result.value;
    throw new NonRetryableError(`{{ ${plainText(source, 200)} }}: ${result.error}`);
  });
}

/** Items of all nodes are much to carry: they go only where an expression may ask for them. */
function mentionsNodes(source: string): boolean {
  return /\bnodes\b/.test(source);
}
