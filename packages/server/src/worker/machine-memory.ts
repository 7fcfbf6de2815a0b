import { totalmem } from 'node:os';

const MEGABYTE = 1e6;

/** Memory of this machine, or of the container that this process may use, in megabytes. */
function machineMemoryMb(): number {
  // Without a limit this is 0, or more than there is.
  const limit = process.constrainedMemory();
  return Math.floor((limit > 0 ? Math.min(limit, totalmem()) : totalmem()) / MEGABYTE);
}

/** Memory that heavy steps may use together where no setting says it: the rest is for the worker itself and the system. */
export function defaultMemoryBudgetMb(): number {
  return Math.max(1, Math.floor(machineMemoryMb() * 0.75));
}

/** Memory that is free now, with what the system would give up, in megabytes. */
export function freeMemoryMb(): number {
  return process.availableMemory() / MEGABYTE;
}
