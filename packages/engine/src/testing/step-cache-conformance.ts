import type { StepCache } from '../ports/step-cache.ts';
import { expectEqual, type PortCheck } from './check.ts';

const WORKSPACES = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000004'] as const;
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
];
