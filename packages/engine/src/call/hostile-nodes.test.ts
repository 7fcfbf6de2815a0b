import { defineNode, emit, port } from '@imaginarium/node-sdk';
import type { Json } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { aGraph, aLightNode, listSource, noFiles, passOn, RunHarness } from '../testing/index.ts';

/** Runs a source that returns something, typed or not. */
async function outcomeOf(returned: unknown) {
  const odd = defineNode({
    ...aLightNode,
    type: 'test.odd',
    inputs: {},
    outputs: {
      ...{ text: port.text(), number: port.number(), flag: port.boolean(), data: port.json(), image: port.image() },
      ...{ any: port.any(), texts: port.list(port.text()) },
    },
    execute: () => returned as never,
  });
  const { outcome } = await new RunHarness([odd], { openFiles: () => noFiles }).run(
    aGraph().node('o', 'test.odd').build(),
  );
  return outcome;
}

const circle: Record<string, unknown> = {};
circle.self = circle;

describe('what a node returns', () => {
  it.each<[unknown, string]>([
    [undefined, 'test.odd returned undefined instead of its output ports.'],
    ['text', 'test.odd returned text instead of its output ports.'],
    [{ txt: 'x' }, 'test.odd returned a value for "txt", which is not one of its outputs.'],
    [{ error: 'x' }, 'test.odd returned a value for "error", which is not one of its outputs.'],
    [{ constructor: 'x' }, 'test.odd returned a value for "constructor", which is not one of its outputs.'],
    [{ text: 5 }, 'test.odd returned a wrong value for "text": expected text, received number.'],
    [{ text: null }, 'test.odd returned a wrong value for "text": expected text, received nothing.'],
    [
      { text: 'a\u0000' },
      'test.odd returned a wrong value for "text": expected text without NUL characters, received one.',
    ],
    [{ number: Number.NaN }, 'test.odd returned a wrong value for "number": expected number, received no number.'],
    [{ number: '5' }, 'test.odd returned a wrong value for "number": expected number, received text.'],
    [{ flag: 1 }, 'test.odd returned a wrong value for "flag": expected boolean, received number.'],
    [{ image: 'a.png' }, 'test.odd returned a wrong value for "image": expected image, received text.'],
    [{ texts: 'x' }, 'test.odd returned a wrong value for "texts": expected a list of text, received text.'],
    [{ texts: ['x', 1] }, 'test.odd returned a wrong value for "texts": entry 2: expected text, received number.'],
    [
      { data: { f: () => 1 } },
      'test.odd returned a wrong value for "data": expected what JSON can carry, received something else at f.',
    ],
    [
      { data: { when: new Date() } },
      'test.odd returned a wrong value for "data": expected what JSON can carry, received something else at when.',
    ],
    [
      { any: { big: 1n } },
      'test.odd returned a wrong value for "any": expected what JSON can carry, received something else at big.',
    ],
    [
      { data: circle },
      'test.odd returned a wrong value for "data": expected at most 64 levels of nesting, received more.',
    ],
    [
      { data: JSON.parse('{"a":{"__proto__":1}}') },
      'test.odd returned a wrong value for "data": expected keys other than __proto__, constructor and prototype, received one at a.__proto__.',
    ],
    [{ any: 'x', fields: ['x'] }, 'test.odd returned wrong fields: expected names with values.'],
    [
      { any: 'x', fields: { f: Symbol('x') } },
      'test.odd returned wrong fields: expected what JSON can carry, received something else at f.',
    ],
    [
      { any: emit([{ value: 1 }, { value: 2, fields: null as never }]) },
      'test.odd returned wrong fields: expected names with values.',
    ],
  ])('is refused in plain words: %o', async (returned, message) => {
    expect(await outcomeOf(returned)).toMatchObject({ state: 'failed', error: { code: 'step-refused', message } });
  });

  it('must be of the kind of media its port gives', async () => {
    const video = { id: 'a'.repeat(64), kind: 'video', mime: 'video/mp4', bytes: 1, name: 'a.mp4' };
    expect((await outcomeOf({ image: video })).error?.message).toContain('expected image, received video (a.mp4).');
    expect((await outcomeOf({ any: video })).state).toBe('succeeded');
  });

  it('may be nothing, for a port or for all', async () => {
    expect((await outcomeOf({})).state).toBe('succeeded');
    expect((await outcomeOf({ text: undefined, any: null })).state).toBe('succeeded');
  });

  it.each([['text'], [undefined], [null], [{ message: 5 }], [new Error('x\u0000'.repeat(100_000))]])(
    'may even be thrown as %o: the run ends with a short message',
    async (thrown) => {
      const error = (await outcomeOf(Promise.reject(thrown))).error;
      expect(error?.code).toBe('step-failed');
      expect(error?.message.length).toBeLessThanOrEqual(2000);
      expect(error?.message).not.toContain('\u0000');
    },
  );
});

describe('a node that changes its input', () => {
  const spoil = defineNode({
    ...aLightNode,
    type: 'test.spoil',
    inputs: { item: port.json() },
    outputs: { item: port.json() },
    execute({ input }) {
      (input.item as { list: Json[] }).list.push('spoiled');
      return { item: input.item };
    },
  });

  it('fails, and the other branches see what was sent', async () => {
    const graph = aGraph()
      .node('in', 'test.list', { values: [{ list: [1] }] })
      .node('json', 'test.json')
      .node('spoil', 'test.spoil')
      .node('pass', 'test.pass')
      .wire('in.item', 'json.item')
      .wire('json.item', 'spoil.item')
      .wire('json.item', 'pass.item')
      .policy('spoil', { onError: 'skip-item' })
      .build();
    const asJson = defineNode({
      ...aLightNode,
      type: 'test.json',
      inputs: { item: port.any() },
      outputs: { item: port.json() },
      execute: ({ input }) => ({ item: input.item }),
    });
    const own = new RunHarness([listSource, asJson, passOn, spoil], { openFiles: () => noFiles });
    const { steps, values } = await own.run(graph);
    expect(steps.spoil).toMatchObject({ itemsFailed: 1 });
    expect(values('pass.item')).toEqual([{ list: [1] }]);
  });

  it('cannot change its params for the next item either', async () => {
    const greedy = defineNode({
      ...aLightNode,
      type: 'test.greedy',
      inputs: { item: port.any() },
      outputs: { item: port.any() },
      execute({ input, fields, params }) {
        expect(Object.isFrozen(fields) && Object.isFrozen(params)).toBe(true);
        return { item: input.item };
      },
    });
    const graph = aGraph()
      .node('in', 'test.list', { values: [1, 2] })
      .node('g', 'test.greedy')
      .wire('in.item', 'g.item')
      .build();
    expect((await new RunHarness([listSource, greedy], { openFiles: () => noFiles }).run(graph)).outcome.state).toBe(
      'succeeded',
    );
  });
});
