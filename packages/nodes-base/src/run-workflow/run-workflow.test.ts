import { testNode } from '@imaginarium/node-sdk/testing';
import { describe, expect, it } from 'vitest';
import { readTarget, runWorkflow } from './run-workflow.ts';

const id = '018f2f65-7a3b-7c4d-8e5f-0123456789ac';
const node = () => testNode(runWorkflow).params({ workflow: `${id}@3`, inputs: { name: 'Ada' } });

describe('flow.run-workflow', () => {
  it('asks for a run of the version that is chosen, with its inputs, for each item', async () => {
    const { waits } = await node()
      .items([{ input: { item: 'a' } }, { input: { item: 'b' } }])
      .run();
    const asked = { kind: 'run', workflowId: id, version: 3, inputs: { name: 'Ada' } };
    expect(waits).toEqual([asked, asked]);
  });

  it('gives what the run gave, and keeps the fields of the item', async () => {
    const run = { runId: id, state: 'succeeded', error: null, items: [{ value: 'Hello', fields: { tone: 'warm' } }] };
    const { outputs } = await node()
      .items([{ fields: { name: 'Ada' } }])
      .resumed({ timeIsUp: false, value: run })
      .run();
    expect(outputs.item).toEqual([{ value: 'Hello', fields: { name: 'Ada', tone: 'warm' } }]);
  });

  it.each([
    [{ runId: id, state: 'failed', error: 'No paper.', items: [] }, `The run ${id} failed: No paper.`],
    [{ runId: id, state: 'cancelled', error: null, items: [] }, `The run ${id} was cancelled.`],
    [null, 'The run that it started is not there any more.'],
  ])('fails with its id when the run did not succeed', async (value, message) => {
    await expect(node().resumed({ timeIsUp: false, value }).run()).rejects.toThrow(message);
  });

  it.each(['', id, `${id}@0`, `${id}@latest`, 'Poster@1'])('refuses the target %j', (target) => {
    expect(() => readTarget(target)).toThrow('expected the id of a workflow, @ and a version');
  });
});
