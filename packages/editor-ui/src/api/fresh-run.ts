import type { Client } from '@imaginarium/client';
import { compareSteps, type RunDetail, readingOrder } from '@imaginarium/protocol';

/** A run as it stands now: as it was fetched before, with what was written since. Of a large run that is little. */
export async function freshRun(
  { call }: Pick<Client, 'call'>,
  known: RunDetail,
  options: { signal?: AbortSignal } = {},
): Promise<RunDetail> {
  const changes = await call('getRunChanges', { params: { id: known.id }, query: { after: known.cursor } }, options);
  const { inside: _inside, ...before } = known;
  const steps = new Map([...known.steps, ...changes.steps].map((step) => [step.node, step]));
  const inOrder = [...steps.values()].sort(compareSteps(readingOrder(known.graph)));
  return { ...before, ...changes, steps: inOrder };
}
