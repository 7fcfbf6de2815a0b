import { BudgetSpentError, InsufficientCreditsError } from '@imaginarium/engine';
import type { Graph, Json, NoticeAbout, Run } from '@imaginarium/protocol';
import type { AppDeps } from '../http/app-deps.ts';
import type { NoticeList } from '../notices/notice-list.ts';
import { acceptRun, type RunDeps } from '../runs/accept-run.ts';
import type { StoredTrigger } from './trigger-store.ts';

export type TriggerRunDeps = RunDeps & Pick<AppDeps, 'openWorkspace' | 'triggerGraphs' | 'logger'>;

/**
 * Starts the run that a trigger asks for.
 * @param id the id that its run gets, unless it is a repeat.
 * @param cause names what happened: however often it is told, by however many servers, it starts one run.
 * @returns undefined when the workflow is gone; `created` is false for a repeat, with the run that the first one started.
 * @throws {HttpError} as {@link acceptRun}.
 */
export async function startRun(
  deps: TriggerRunDeps,
  trigger: Omit<StoredTrigger, 'id' | 'tokenHash' | 'nextAt' | 'createdAt'>,
  { id, brought, cause }: { id: string; brought: Json; cause?: string | undefined },
): Promise<{ run: Run; graph: Graph; created: boolean } | undefined> {
  const { workspaceId, workflowId, workflowName, version, createdBy, settings } = trigger;
  const bound = await deps.triggerGraphs.of(trigger);
  if (!bound) return undefined;
  const stores = deps.openWorkspace(workspaceId);
  const run = await acceptRun(
    deps,
    { principal: { user: { id: createdBy }, workspace: { id: workspaceId }, by: settings.kind }, stores },
    {
      ...{ id, workflow: { id: workflowId, name: workflowName }, version },
      ...{ graph: bound.graph, inputs: { [bound.key]: brought } },
      // The cause alone says what is a repeat: the same delivery may come with other headers, and at another time.
      ...(cause === undefined ? {} : { idempotencyKey: cause, requestHash: 'trigger' }),
    },
  ).catch(async (error: unknown) => {
    // Whoever tries a draft out is there to see it.
    if (version !== null)
      await tellRefused(stores.notices, trigger, error).catch((err: unknown) =>
        // The refusal itself is what its caller has to hear of.
        deps.logger.error({ err, workflowId }, 'nobody could be told that a trigger was refused'),
      );
    throw error;
  });
  return { run, graph: bound.graph, created: run.id === id };
}

/** Nobody looks on when a trigger is refused: its person is told of a lack of credits, once a day for each workflow. */
async function tellRefused(
  notices: NoticeList,
  { workflowId, workflowName, createdBy }: Pick<StoredTrigger, 'workflowId' | 'workflowName' | 'createdBy'>,
  error: unknown,
): Promise<void> {
  const about = refusalOf(error);
  if (!about) return;
  const subject = `run-refused:${workflowId}:${about.reason}:${new Date().toISOString().slice(0, 10)}`;
  await notices.tell(createdBy, { subject, about: { kind: 'run-refused', workflowId, workflowName, ...about } });
}

function refusalOf(
  error: unknown,
): Pick<NoticeAbout & { kind: 'run-refused' }, 'reason' | 'missing' | 'beginsAgain'> | undefined {
  if (error instanceof InsufficientCreditsError)
    return { reason: 'insufficient-credits', missing: error.missing, beginsAgain: null };
  if (error instanceof BudgetSpentError)
    return { reason: 'budget-spent', missing: error.missing, beginsAgain: error.beginsAgain };
  return undefined;
}
