import { defineTrigger, type Json, type JsonObject, json, port, text } from '@imaginarium/node-sdk';

/** Starts a run for each run that fails. */
export const workflowFailed = defineTrigger({
  type: 'trigger.workflow-failed',
  version: 1,
  trigger: 'failure',
  title: 'Workflow failed',
  summary: 'Starts a run when a run of another workflow fails.',
  icon: 'siren',
  aliases: ['error', 'failure', 'on error', 'alert', 'catch', 'broken', 'trigger'],
  docs: 'Gives one item with `runId`, `workflowId`, `workflowName`, `version`, `error` (`code` and `message`) and `step` (`node` and `name`, or null), which are its fields too. Each failed run starts one run. Runs that a failure started start no others when they fail themselves. A workflow that another one names in its settings for failures starts here as well.',
  outputs: { failure: port.json() },
  params: {
    workflow: text({
      title: 'Of which workflow',
      help: 'Empty: of any in the workspace.',
      picks: 'workflow',
      maxLength: 100,
    }),
    sample: json({
      title: 'Example',
      help: 'What a run that you start yourself gets.',
      default: {
        runId: '00000000-0000-4000-8000-000000000001',
        workflowId: '00000000-0000-4000-8000-000000000002',
        workflowName: 'Photo to carousel',
        version: 3,
        error: { code: 'step-failed', message: 'The service did not answer.' },
        step: { node: 'up', name: 'Upscale' },
      },
      advanced: true,
    }),
  },
  headline: ['workflow'],
  execute({ params: { sample } }) {
    return { failure: sample, fields: isObject(sample) ? sample : {} };
  },
});

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
