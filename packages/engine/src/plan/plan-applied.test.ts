import { applyInputs, type Graph, type JsonObject } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { aGraph, listSource, passOn, RunHarness } from '../testing/index.ts';
import { planRun } from './plan.ts';
import { planApplied } from './plan-applied.ts';

const { registry } = new RunHarness([listSource, passOn]).services;

function chain(): Graph {
  return aGraph()
    .node('in', 'test.list', { values: ['a'] })
    .node('next', 'test.pass')
    .wire('in.item', 'next.item')
    .input('values', 'in.values')
    .build();
}

const withInputs = (graph: Graph, inputs: JsonObject) => applyInputs(graph, inputs, registry);

describe('planApplied', () => {
  it('gives each run its own inputs in the plan of the graph', () => {
    const graph = chain();
    for (const values of [['x'], ['y', 'z'], ['{{ item }}']]) {
      const applied = withInputs(graph, { values });
      expect(planApplied(graph, applied, registry)).toEqual(planRun(applied, registry));
    }
    expect(planApplied(graph, graph, registry)).toEqual(planRun(graph, registry));
    expect(planApplied(graph, graph, registry)).toBe(planApplied(graph, graph, registry));
  });

  it('puts inputs of a node that stands in for another in that place too', () => {
    const graph = aGraph()
      .node('in', 'test.list', { values: ['a'] })
      .node('other', 'test.list', { values: ['b'] })
      .policy('in', { onError: { fallback: 'other' } })
      .input('values', 'other.values')
      .build();
    planApplied(graph, graph, registry);
    const [planned] = planApplied(graph, withInputs(graph, { values: ['c'] }), registry).nodes;
    expect(planned?.fallback?.node.params).toEqual({ values: ['c'] });
  });

  it('plans anew once what is installed has changed', () => {
    const { registry: growing } = new RunHarness([listSource, passOn]).services;
    const graph = chain();
    const before = planApplied(graph, graph, growing);
    growing.addFailure({ name: '@test/broken', version: '1.0.0' }, 'It is broken.');
    expect(planApplied(graph, graph, growing)).not.toBe(before);
  });
});
