import type { RunStore } from '../ports/run-store.ts';
import type { PortCheck } from './check.ts';
import { acceptingChecks } from './run-store-accepting.ts';
import { leaseChecks } from './run-store-leasing.ts';
import { listingChecks } from './run-store-listing.ts';
import { progressChecks } from './run-store-progress.ts';

/** What every run store keeps. `make` gives a store in which the ids of `aNewRun()` and `OTHER_PLACE` exist. */
export const runStoreConformance: PortCheck<RunStore>[] = [
  ...acceptingChecks,
  ...leaseChecks,
  ...progressChecks,
  ...listingChecks,
];
