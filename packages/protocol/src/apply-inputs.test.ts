import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyInputs, UnknownInputError } from './apply-inputs.ts';
import { resolveTemplate } from './expression.ts';
import { emptyGraph, type Graph } from './graph.ts';
import type { Json, JsonObject } from './json.ts';
import { catalogueOf } from './node-description.ts';

function graphWith(params: JsonObject): Graph {
  const node = (id: string) => ({ id, type: 'test.node', version: 1, name: id, params, position: { x: 0, y: 0 } });
  return {
    ...emptyGraph(),
    nodes: [node('a'), node('b')],
    inputs: [
      { key: 'title', to: [{ node: 'a', param: 'text' }] },
      {
        key: 'both',
        to: [
          { node: 'a', param: 'size' },
          { node: 'b', param: 'size' },
        ],
      },
    ],
  };
}

describe('applyInputs', () => {
  it('puts each input in every param it is bound to and leaves the rest alone', () => {
    const graph = graphWith({ text: 'old', size: 1 });
    const before = structuredClone(graph);
    const [a, b] = applyInputs(graph, { title: 'new', both: 2 }).nodes;
    expect([a?.params, b?.params]).toEqual([
      { text: 'new', size: 2 },
      { text: 'old', size: 2 },
    ]);
    expect(graph).toEqual(before);
    expect(applyInputs(graph, {})).toBe(graph);
  });

  it('refuses an input nobody asked for, and names those that are', () => {
    expect(() => applyInputs(graphWith({}), { titel: 'x' })).toThrow('inputs: expected title, both, received "titel"');
    expect(() => applyInputs(emptyGraph(), { x: 1 })).toThrow(UnknownInputError);
    expect(() => applyInputs(graphWith({}), JSON.parse('{"__proto__": 1}'))).toThrow(UnknownInputError);
  });

  it('never reads what a run brings as an expression: every value arrives as it was given', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.constantFrom('{{ run.id }}', '{{', '}}', '{{ 1+1 }}', '"', '\\', ']', "'"),
    );
    const key = fc.oneof(fc.string(), fc.constantFrom('}}', '"', '\\"', 'a}}b')).filter((name) => name !== '__proto__');
    const { value } = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        hostile,
        fc.integer(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 3 }).map((entries) => ({ ...entries })),
      ),
    }));
    fc.assert(
      fc.property(value, (given) => {
        const inputs = { title: given };
        const param = applyInputs(graphWith({}), inputs).nodes[0]?.params.text as Json;
        const resolve = (at: Json): Json => {
          if (typeof at === 'string')
            return resolveTemplate(at, { item: {}, run: { inputs }, vars: {}, nodes: {}, loop: {} }, () => 'code');
          if (typeof at !== 'object' || at === null) return at;
          if (Array.isArray(at)) return at.map(resolve);
          return Object.fromEntries(Object.entries(at).map(([name, entry]) => [name, resolve(entry)]));
        };
        expect(resolve(param)).toEqual(given);
      }),
    );
  });

  it("keeps the author's expression when the run gives it back unchanged", () => {
    const graph = graphWith({ text: '{{ item.name }}' });
    expect(applyInputs(graph, { title: '{{ item.name }}' }).nodes[0]?.params.text).toBe('{{ item.name }}');
  });

  it('leaves program text as it was given, for braces mean nothing in it', () => {
    const description = {
      ...{ type: 'test.node', version: 1, title: 'N', summary: 'N.', group: 'code' as const, icon: 'x' },
      ...{ inputs: {}, outputs: {}, credentials: {}, credits: 0, effects: 'pure' as const, mode: 'each' as const },
      typicalMs: 1,
      params: { text: { kind: 'code' as const, title: 'Code', language: 'javascript' as const, default: '' } },
    };
    const applied = applyInputs(graphWith({}), { title: '`{{ x }}`' }, catalogueOf([description]));
    expect(applied.nodes[0]?.params.text).toBe('`{{ x }}`');
  });

  it('keeps file references whole but for a name with braces, so that their owner can still be checked', () => {
    const file = { id: 'a'.repeat(64), kind: 'image', mime: 'image/png', bytes: 1, name: '{{ x }}.png' };
    expect(applyInputs(graphWith({}), { title: file }).nodes[0]?.params.text).toEqual({
      ...file,
      name: '{{ run.inputs["title"]["name"] }}',
    });
  });
});
