import { machineMemoryMb } from '@imaginarium/pictures';

/** Memory that heavy steps may use together where no setting says it, in megabytes: the rest is for the worker itself and the system. */
export function defaultMemoryBudgetMb(): number {
  return Math.max(1, Math.floor(machineMemoryMb() * 0.75));
}
