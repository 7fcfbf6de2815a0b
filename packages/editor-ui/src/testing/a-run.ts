import { pendingStep, type RunDetail, type RunEvent, type RunEventBody, type Step } from '@imaginarium/protocol';

export const RUN_ID = '018f2f65-7a3b-7c4d-8e5f-0123456789ab';
const AT = '2026-11-21T10:00:00.000Z';

/** A step that has not begun. */
export function aStep(node: string, change: Partial<Step> = {}): Step {
  return { ...pendingStep({ id: node, name: `Step ${node}`, type: 'image.resize' }), ...change };
}

/** A run of two steps, just queued. */
export function aRun(change: Partial<RunDetail> = {}): RunDetail {
  return {
    id: RUN_ID,
    workflowId: '018f2f65-7a3b-7c4d-8e5f-0123456789ac',
    workflowName: 'Photo to carousel',
    version: 3,
    state: 'queued',
    trigger: 'editor',
    parent: null,
    priority: 1,
    inputs: {},
    createdAt: AT,
    notBefore: null,
    dismissedAt: null,
    startedAt: null,
    finishedAt: null,
    creditsQuoted: 25,
    creditsSpent: 0,
    error: null,
    cover: null,
    lastSeq: 0,
    steps: [aStep('a'), aStep('b')],
    graph: { schema: 1, nodes: [], edges: [], inputs: [], notes: [], settings: {} },
    waitsFor: null,
    cursor: 0,
    ...change,
  };
}

/** Numbers events from `first` on. */
export function eventsOf(bodies: readonly RunEventBody[], first = 1): RunEvent[] {
  return bodies.map((body, index) => ({ runId: RUN_ID, seq: first + index, at: AT, ...body }) as RunEvent);
}
