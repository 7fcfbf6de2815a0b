import { type FailedInput, NonRetryableError } from '@imaginarium/node-sdk';
import { ERROR_PORT, type FailedItem, isFileRef } from '@imaginarium/protocol';
import type { PlannedNode } from '../plan/plan.ts';
import type { NodeResult } from '../ports/node-executor.ts';
import type { DoneCall } from '../ports/run-waits.ts';
import { messageOf, toFailure } from './failure.ts';
import type { Call } from './step-call.ts';
import type { StepContext } from './step-context.ts';

/** Items of one call that are named, in the log and where they stop the run. */
const MOST_NAMED = 100;

/**
 * What the node's policy makes of a call for all items, some of which came to nothing: they are left out, or go to the error port.
 * @throws {NonRetryableError} where it says neither: then the call has failed.
 */
export function passOverFailed(
  { node }: PlannedNode,
  call: Call,
  { failed = [], ...result }: NodeResult,
  { tell, onItemFailed }: Pick<StepContext, 'tell' | 'onItemFailed'>,
): Omit<DoneCall, 'call'> {
  const onError = node.policy?.onError ?? 'stop';
  const failedItems = failed.map((input) => failedItemOf(call, input));
  // A single one is named by the error that stops the run.
  if (onError === 'stop' && failed.length > 1) for (const item of failedItems.slice(0, MOST_NAMED)) onItemFailed(item);
  if (onError !== 'skip-item' && onError !== 'error-port') throw new NonRetryableError(textOf(failed));
  const what = onError === 'skip-item' ? 'was left out' : 'went to the error port';
  for (const { index, message } of failedItems.slice(0, MOST_NAMED))
    tell({ type: 'log', node: node.id, level: 'warn', message: `Item ${index + 1} ${what}: ${message}` });
  if (onError === 'skip-item') return { result, became: 'succeeded', failedItems };
  const errors = failedItems.map(({ index, code, message }) => ({ value: { code, message }, from: index }));
  const outputs = { ...result.outputs, [ERROR_PORT]: errors };
  return { result: { ...result, outputs }, became: 'succeeded', failedItems };
}

/** People count from 1, as all screens do. */
function textOf(failed: readonly FailedInput[]): string {
  const others = failed.length > 1 ? ` (${failed.length} items failed)` : '';
  return failed
    .slice(0, 1)
    .map(({ item, message }) => `Item ${item + 1}: ${message}${others}`)
    .join('');
}

/** An input that came to nothing, as the step's record names it. */
function failedItemOf({ task }: Call, { item, message }: FailedInput): FailedItem {
  const inputs = Object.values(task.items).find((list) => list.length > 0);
  const value = inputs?.[item]?.value;
  const { code } = toFailure(new NonRetryableError(message));
  return { index: item, ...(isFileRef(value) ? { name: value.name } : {}), code, message: messageOf(message) };
}
