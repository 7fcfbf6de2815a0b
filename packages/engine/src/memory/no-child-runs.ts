import { NonRetryableError } from '@imaginarium/node-sdk';
import type { ChildRuns } from '../ports/run-waits.ts';

/** Where there is one workflow only, no step starts a run of another. */
export const noChildRuns: ChildRuns = {
  async start() {
    throw new NonRetryableError('There are no other workflows here that could be run. Run it on a server.');
  },
  answerOf: async () => null,
  cancel: async () => undefined,
};
