import type { Client } from '@imaginarium/client';
import { expect, it, vi } from 'vitest';
import { aRun, aStep } from '../testing/a-run.ts';
import { freshRun } from './fresh-run.ts';

it('puts what has changed in the place of what was known, new steps where the graph has them', async () => {
  const node = (id: string) => ({ id, type: 't', version: 1, name: id, params: {}, position: { x: 0, y: 0 } });
  const graph = { ...aRun().graph, nodes: ['a', 'b', 'c'].map(node) };
  const inside = [{ node: 'x', states: { running: 1 }, credits: 0 }];
  const known = aRun({ graph, inside, steps: [aStep('a'), aStep('c')], cursor: 3 });
  const { graph: _graph, ...changes } = aRun({
    ...{ state: 'running', cursor: 9, steps: [aStep('b'), aStep('a', { state: 'succeeded' })] },
  });
  const call = vi.fn(async () => changes);
  const fresh = await freshRun({ call } as unknown as Client, known); // Only what it asks of it.
  expect(call).toHaveBeenCalledWith('getRunChanges', { params: { id: known.id }, query: { after: 3 } }, {});
  expect(fresh).toEqual({ ...changes, graph, steps: [aStep('a', { state: 'succeeded' }), aStep('b'), aStep('c')] });
});
