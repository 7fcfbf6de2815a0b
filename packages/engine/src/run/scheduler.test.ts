import { setImmediate } from 'node:timers/promises';
import { defineNode, emit, port, text } from '@imaginarium/node-sdk';
import { isTerminal, type StepState } from '@imaginarium/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aGraph, aLightNode, noFiles, RunHarness } from '../testing/index.ts';

/** What each node of a random graph does; `drop` gives no item, `slow` takes some turns of the event loop. */
const BEHAVIOURS = ['pass', 'pass', 'slow', 'drop', 'fail', 'skip'] as const;
type Behaviour = (typeof BEHAVIOURS)[number];

interface Plan {
  nodes: { behaviour: Behaviour; after: number[] }[];
  concurrency: number;
}

const plans: fc.Arbitrary<Plan> = fc
  .array(fc.record({ behaviour: fc.constantFrom(...BEHAVIOURS), after: fc.array(fc.nat(), { maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 14,
  })
  .chain((nodes) =>
    fc.record({
      nodes: fc.constant(
        nodes.map(({ behaviour, after }, index) => ({
          behaviour,
          after: index === 0 ? [] : [...new Set(after.map((back) => back % index))],
        })),
      ),
      concurrency: fc.integer({ min: 1, max: 4 }),
    }),
  );

async function execute({ nodes, concurrency }: Plan) {
  const log: string[] = [];
  const act = defineNode({
    ...aLightNode,
    type: 'test.act',
    mode: 'all',
    inputs: { item: port.any({ many: true, optional: true }) },
    outputs: { item: port.any() },
    params: { id: text({ title: 'Id' }), act: text({ title: 'Act' }) },
    async execute({ params }) {
      log.push(`start ${params.id}`);
      if (params.act === 'slow') for (let turn = 0; turn < 3; turn++) await setImmediate();
      log.push(`end ${params.id}`);
      if (params.act === 'fail' || params.act === 'skip') throw new Error(`${params.id} failed`);
      return { item: params.act === 'drop' ? emit([]) : params.id };
    },
  });
  const graph = aGraph().settings({ concurrency });
  for (const [index, { behaviour }] of nodes.entries())
    graph.node(`n${index}`, 'test.act', { id: `n${index}`, act: behaviour });
  for (const [index, { behaviour, after }] of nodes.entries()) {
    for (const back of after) graph.wire(`n${back}.item`, `n${index}.item`);
    if (behaviour === 'skip') graph.policy(`n${index}`, { onError: 'skip-item' });
  }
  return { ...(await new RunHarness([act], { openFiles: () => noFiles }).run(graph.build())), log };
}

describe('the scheduler', () => {
  it('brings every node to one end, after all that feed it, and the run to the end that follows from them', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const { outcome, steps, events, log } = await execute(plan);
        const stateOf = (index: number) => steps[`n${index}`]?.state as StepState;
        expect(Object.keys(steps)).toHaveLength(plan.nodes.length);

        for (const [index, { behaviour, after }] of plan.nodes.entries()) {
          const id = `n${index}`;
          expect(isTerminal(stateOf(index))).toBe(true);
          const finished = events.filter((event) => event.type === 'step.finished' && event.node === id);
          expect(finished).toMatchObject([{ state: stateOf(index) }]);

          const startedAt = log.indexOf(`start ${id}`);
          expect(log.filter((line) => line === `start ${id}`).length).toBe(startedAt < 0 ? 0 : 1);
          const settled = (event: number) => (node: number) =>
            events.findIndex((entry) => entry.type === 'step.finished' && entry.node === `n${node}`) < event;
          const began = events.findIndex((event) => event.type === 'step.started' && event.node === id);
          if (began >= 0) expect(after.every(settled(began))).toBe(true);

          const fed = after.length === 0 || after.some((back) => steps[`n${back}`]?.outputs.item?.length);
          if (!fed) expect(stateOf(index)).toBe('skipped');
          if (stateOf(index) === 'failed') expect(behaviour).toBe('fail');
          if (stateOf(index) === 'succeeded') expect(behaviour).not.toBe('fail');
          if (outcome.state === 'succeeded') expect(stateOf(index)).toBe(fed ? 'succeeded' : 'skipped');
        }

        const failed = plan.nodes.some((_node, index) => stateOf(index) === 'failed');
        expect(outcome.state).toBe(failed ? 'failed' : 'succeeded');
        expect(outcome.error === null).toBe(!failed);
        expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
        expect(events.at(-1)).toMatchObject({ type: 'run.finished', state: outcome.state });
      }),
      { numRuns: 150 },
    );
  });

  it('executes a chain and a fan of 1,000 nodes', async () => {
    const node = (after: number[]) => ({ behaviour: 'pass' as const, after });
    const chain = Array.from({ length: 1000 }, (_, index) => node(index === 0 ? [] : [index - 1]));
    const fan = Array.from({ length: 1000 }, (_, index) => node(index === 0 ? [] : [0]));
    for (const nodes of [chain, fan]) {
      const { outcome, steps } = await execute({ nodes, concurrency: 4 });
      expect(outcome.state).toBe('succeeded');
      expect(Object.values(steps).every(({ state }) => state === 'succeeded')).toBe(true);
    }
  });

  it('executes a ladder of 30 diamonds, each node once', async () => {
    const nodes = Array.from({ length: 91 }, (_, index) => {
      const step = Math.floor((index - 1) / 3);
      if (index === 0) return { behaviour: 'pass' as const, after: [] };
      const after = index % 3 === 0 ? [step * 3 + 1, step * 3 + 2] : [step * 3];
      return { behaviour: 'drop' as const, after };
    });
    const { outcome, log } = await execute({
      nodes: nodes.map((node) => ({ ...node, behaviour: 'slow' as const })),
      concurrency: 2,
    });
    expect(outcome.state).toBe('succeeded');
    expect(log).toHaveLength(182);
  });
});
