import type { FailedItem, Failure } from '@imaginarium/protocol';
import type { Call } from '../call/step-call.ts';

/** Failed items that a step names; the log has them all. */
export const FAILED_ITEMS_KEPT = 100;

/** The item of a call that failed, as the step's record names it. */
export function failedItemOf({ index, row }: Call, { code, message }: Failure): FailedItem {
  const name = Object.values(row).find((item) => item.file !== undefined)?.file?.name;
  return { index, ...(name === undefined ? {} : { name }), code, message };
}
