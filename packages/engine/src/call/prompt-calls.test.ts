import { setTimeout as wait } from 'node:timers/promises';
import { defineNode, type Emitted, emit, NonRetryableError, port } from '@imaginarium/node-sdk';
import type { Json, JsonObject, NodePolicy } from '@imaginarium/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aGraph, aLightNode, listSource, noFiles, RunHarness } from '../testing/index.ts';

const ports = { inputs: { item: port.any() }, outputs: { item: port.any() } };

/** What is given for an item that is neither bad nor late. */
function answerTo(item: Json): { item: Json | Emitted<Json> | undefined; fields?: JsonObject } {
  if (item === 'none') return { item: undefined };
  if (item === 'named') return { item, fields: { named: true } };
  if (item === 'many') return { item: emit([{ value: 1, fields: { many: 1 } }, { value: 2 }]), fields: { rest: true } };
  return { item };
}

/** Answers as the item says: at once, later, or not at all. */
const moody = defineNode({
  ...aLightNode,
  ...ports,
  type: 'test.moody',
  execute({ input }) {
    if (input.item === 'bad') throw new NonRetryableError('It is bad.');
    if (input.item === 'later') return wait(1).then(() => ({ item: 'later' }));
    if (input.item === 'later bad') return Promise.reject(new NonRetryableError('It went bad.'));
    return answerTo(input.item as Json);
  },
});

/** Does the same, and never at once. */
const slow = defineNode({
  ...aLightNode,
  ...ports,
  type: 'test.slow',
  async execute({ input }) {
    if (input.item === 'bad') throw new NonRetryableError('It is bad.');
    if (input.item === 'later bad') throw new NonRetryableError('It went bad.');
    return answerTo(input.item as Json);
  },
});

function chain(type: string, values: Json[], policy: NodePolicy = {}) {
  return aGraph()
    .node('in', 'test.list', { values })
    .node('x', type)
    .policy('x', policy)
    .wire('in.item', 'x.item')
    .build();
}

async function stepOf(type: string, values: Json[], policy: NodePolicy = {}) {
  const { steps, outcome } = await new RunHarness([listSource, moody, slow], { openFiles: () => noFiles }).run(
    chain(type, values, policy),
  );
  const { state, outputs, itemsFailed, failedItems, attempts, error } = steps.x ?? {};
  return { ended: outcome.state, state, outputs, itemsFailed, failedItems, attempts, error: error?.message };
}

describe('calls that are answered at once', () => {
  it('come to the same as calls that take their time, whichever of them do', async () => {
    const mood = fc.constantFrom('now', 'named', 'many', 'none', 'later', 'bad', 'later bad');
    const onError = fc.constantFrom('stop' as const, 'skip-item' as const, 'error-port' as const);
    await fc.assert(
      fc.asyncProperty(fc.array(mood, { minLength: 1, maxLength: 12 }), onError, async (values, policy) => {
        const [prompt, other] = await Promise.all([
          stepOf('test.moody', values, { onError: policy }),
          stepOf('test.slow', values, { onError: policy }),
        ]);
        // Where an item stops the run, which of several bad ones it is depends on who is quick.
        if (prompt.ended === 'failed') expect(other.ended).toBe('failed');
        else expect(prompt).toEqual(other);
      }),
      { numRuns: 60 },
    );
  });

  it('keep to the places of their run once one of them takes its time', async () => {
    let atWork = 0;
    let most = 0;
    const busy = defineNode({
      ...aLightNode,
      ...ports,
      type: 'test.busy',
      async execute({ input }) {
        most = Math.max(most, ++atWork);
        await wait(1);
        atWork--;
        return { item: input.item };
      },
    });
    const graph = chain('test.busy', [1, 2, 3, 4, 5, 6, 7]);
    await new RunHarness([listSource, busy], { openFiles: () => noFiles }).run({
      ...graph,
      settings: { concurrency: 2 },
    });
    expect(most).toBe(2);
  });

  it('let the rest of the process have its turn, and stop when the run is cancelled', async () => {
    const stop = new AbortController();
    let calls = 0;
    const grind = defineNode({
      ...aLightNode,
      ...ports,
      type: 'test.grind',
      execute({ input }) {
        calls++;
        const until = performance.now() + 1;
        while (performance.now() < until);
        return { item: input.item };
      },
    });
    setTimeout(() => stop.abort(new Error('enough')), 30);
    const run = new RunHarness([listSource, grind], { openFiles: () => noFiles }).run(
      chain('test.grind', new Array(5000).fill(1)),
      {},
      stop.signal,
    );
    await expect(run).rejects.toThrow('enough');
    expect(calls).toBeLessThan(1000);
  });
});
