import type { StepCharge } from '@imaginarium/engine';
import type { FundedRun } from '../books/run-credits.ts';

/** A charge of a step; what is not said is that of a heavy node that worked on one item. */
export function aCharge(charge: Pick<StepCharge, 'node' | 'credits'> & Partial<StepCharge>): StepCharge {
  const use = { version: 1, items: 1, durationMs: 20, pool: 'media' };
  const { node, credits } = charge;
  return { name: `My ${node}`, type: `test.${node}`, iteration: '', exact: credits * 100, use, ...charge };
}

/** A run that credits are set aside for; what is not said is that of a run of nobody in particular, by prices of no rules. */
export function aFundedRun(run: Pick<FundedRun, 'id' | 'workspaceId' | 'credits'> & Partial<FundedRun>): FundedRun {
  const terms = { version: 0, rules: [], bundle: null };
  const workflowId = '00000000-0000-4000-8000-0000000000ff';
  return { workflowId, workflowName: 'Photo to carousel', createdBy: 'ada', terms, ...run };
}
