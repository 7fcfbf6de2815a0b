import { asBudgetSpent } from '../books/budgets.ts';
import { asInsufficient } from '../books/run-credits.ts';
import type { Database, DatabaseWork, WriteOptions } from '../database/database.ts';

/**
 * Does work that sets credits aside for a run.
 * @param run whose workspace may become known only while the work is done.
 * @param now milliseconds since 1970.
 * @throws {InsufficientCreditsError} when the workspace has fewer than are needed.
 * @throws {BudgetSpentError} when its budget of the month has fewer.
 */
export async function affordableWrite<Result>(
  database: Database,
  run: { id: string; workspaceId: string; needed: number },
  now: () => number,
  work: DatabaseWork<Result>,
  plainly?: WriteOptions<Result>['plainly'],
): Promise<Result> {
  try {
    return await database.write(work, { canBeDoneAnew: true, plainly });
  } catch (error) {
    const refusal = await asInsufficient(error, database, run.workspaceId, run.needed);
    throw await asBudgetSpent(refusal, database, run, new Date(now()).toISOString());
  }
}
