import { defineNode, emit, keyValue, NonRetryableError, port, type RunAnswer, text, wait } from '@imaginarium/node-sdk';

/** Runs a version of another workflow for each item, and goes on with what it gives. */
export const runWorkflow = defineNode({
  type: 'flow.run-workflow',
  version: 1,
  title: 'Run workflow',
  summary: 'Runs another workflow for each item, and goes on with what it gives.',
  group: 'flow',
  icon: 'workflow',
  aliases: ['sub-workflow', 'subworkflow', 'call', 'execute', 'nested', 'child', 'reuse', 'module'],
  docs: 'Each item starts a run of its own, with the priority of this one; nothing is held while it is at work. It runs the version that is chosen here, whatever is saved or published later. It gives what its Respond node answers, or else what left its last nodes. When it fails or is cancelled, the item fails here, with the id of that run. When this run is cancelled, so are those it started.',
  inputs: { item: port.any({ optional: true }) },
  outputs: { item: port.any() },
  params: {
    workflow: text({
      title: 'Workflow and version',
      help: 'This version runs, whatever is saved or published there later.',
      picks: 'workflow-version',
      required: true,
      maxLength: 100,
    }),
    inputs: keyValue({
      title: 'Inputs',
      typed: true,
      help: 'What the workflow asks for, by name. A value may hold expressions: {{ item.file }} hands on the picture.',
    }),
  },
  effects: 'idempotent',
  waits: 'runs',
  headline: ['inputs'],
  typicalMs: 1,
  execute({ params, fields, resumed }) {
    if (!resumed) return wait({ kind: 'run', ...readTarget(params.workflow), inputs: params.inputs });
    const run = resumed.value as unknown as RunAnswer | null; // The engine gives exactly this, or null when the run is gone.
    if (run?.state !== 'succeeded')
      throw new NonRetryableError(
        run ? `The run ${run.runId} ${wordOf(run)}` : 'The run that it started is not there any more.',
      );
    return { item: emit(run.items.map((item) => ({ value: item.value, fields: { ...fields, ...item.fields } }))) };
  },
});

/** Reads a workflow and its version. @throws {NonRetryableError} */
export function readTarget(target: string): { workflowId: string; version: number } {
  const match = /^([0-9a-f-]{36})@([1-9]\d{0,8})$/i.exec(target.trim());
  if (match?.[1]) return { workflowId: match[1], version: Number(match[2]) };
  throw new NonRetryableError(
    `Workflow and version: expected the id of a workflow, @ and a version, received "${target.slice(0, 100)}". Choose one.`,
  );
}

function wordOf({ state, error }: RunAnswer): string {
  return state === 'cancelled' ? 'was cancelled.' : `failed: ${error ?? 'it does not say why.'}`;
}
