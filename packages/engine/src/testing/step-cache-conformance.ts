import type { StepCache, StepTrace } from '../ports/step-cache.ts';
import { expectEqual, type PortCheck } from './check.ts';

const WORKSPACES = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000004'] as const;
const PLACE = { workflowId: '00000000-0000-4000-8000-000000000002', node: 'n' };
const OTHER_WORKFLOW = '00000000-0000-4000-8000-000000000005';
const trace: StepTrace = {
  ...{ key: 'key', type: 'acme.sepia@1', package: '@acme/nodes 1.0.0', fingerprint: 'f' },
  ...{ params: { strength: 'a1' }, inputs: { image: { items: 2, hash: 'b2' } } },
};
const step = { outputs: { text: [{ value: { deep: ['hi', 1, null] }, fields: { row: 1 }, row: 0 }] } };

/** What every step cache keeps. */
export const stepCacheConformance: PortCheck<StepCache>[] = [
  {
    name: 'gives back what was put, whole',
    async run(make) {
      const cache = await make();
      await cache.put(WORKSPACES[0], 'key', step);
      expectEqual(await cache.get(WORKSPACES[0], 'key'), step, 'the step');
      await cache.put(WORKSPACES[0], 'key', { outputs: {} });
      expectEqual(await cache.get(WORKSPACES[0], 'key'), { outputs: {} }, 'the step put later');
    },
  },
  {
    name: 'knows nothing of other keys and other workspaces',
    async run(make) {
      const cache = await make();
      await cache.put(WORKSPACES[0], 'key', step);
      expectEqual(await cache.get(WORKSPACES[0], 'other'), undefined, 'another key');
      expectEqual(await cache.get(WORKSPACES[1], 'key'), undefined, 'another workspace');
    },
  },
  {
    name: 'gives the trace that was put last at a place, and nothing of other places and other workspaces',
    async run(make) {
      const cache = await make();
      expectEqual(await cache.trace(WORKSPACES[0], PLACE), undefined, 'the trace before any');
      await cache.put(WORKSPACES[0], 'key', step, { ...PLACE, trace });
      await cache.put(WORKSPACES[0], 'other', step, { ...PLACE, trace: { ...trace, key: 'other' } });
      await cache.put(WORKSPACES[0], 'third', step);
      expectEqual(await cache.trace(WORKSPACES[0], PLACE), { ...trace, key: 'other' }, 'the trace put last');
      expectEqual(await cache.trace(WORKSPACES[0], { ...PLACE, node: 'm' }), undefined, 'another node');
      expectEqual(
        await cache.trace(WORKSPACES[0], { ...PLACE, workflowId: OTHER_WORKFLOW }),
        undefined,
        'another workflow',
      );
      expectEqual(await cache.trace(WORKSPACES[1], PLACE), undefined, 'another workspace');
    },
  },
];
