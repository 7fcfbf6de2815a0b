import { type CodeProgram, defineNode, json, NonRetryableError, port, text } from '@imaginarium/node-sdk';
import { TestCode } from '@imaginarium/node-sdk/testing';
import { expect, it } from 'vitest';
import { nodesNamedIn } from '../plan/nodes-named-in.ts';
import type { CodeRunner } from '../ports/code-runner.ts';
import { aLightNode, listSource } from '../testing/light-nodes.ts';
import { aGraph, RunHarness } from '../testing/run-harness.ts';

const say = defineNode({
  ...aLightNode,
  type: 'test.say',
  inputs: { item: port.any({ optional: true }) },
  outputs: { item: port.any() },
  params: { what: json({ title: 'What', default: null }), word: text({ title: 'Word' }) },
  execute: ({ params }) => ({ item: params.what }),
});

/** A runner that remembers what it was asked. */
class WatchedCode implements CodeRunner {
  readonly programs: CodeProgram[] = [];

  run(_workspaceId: string, program: CodeProgram) {
    this.programs.push(program);
    return new TestCode().evaluate(program);
  }
}

function harness() {
  const code = new WatchedCode();
  return { code, harness: new RunHarness([listSource, say], { code }) };
}

const listed = () =>
  aGraph()
    .node('list', 'test.list', { values: [1, 2, 3] })
    .wire('list.item', 'say.item');

it('evaluates the expressions of all rows in one go, with values of their own type', async () => {
  const { code, harness: engine } = harness();
  const what = ['{{ item.value * 2 }}', 'row {{ item.row + 1 }}', '{{ item.value }}', '{{ item.value * 2 }}'];
  const { values } = await engine.run(listed().node('say', 'test.say', { what }).build());
  expect(values('say.item')).toEqual([
    [2, 'row 1', 1, 2],
    [4, 'row 2', 2, 4],
    [6, 'row 3', 3, 6],
  ]);
  expect(code.programs).toHaveLength(1);
  expect(code.programs[0]?.sources).toEqual(['item.value * 2', 'item.row + 1']);
});

it('asks nobody for plain paths', async () => {
  const { code, harness: engine } = harness();
  const { values } = await engine.run(listed().node('say', 'test.say', { what: '{{ item.row }}' }).build());
  expect(values('say.item')).toEqual([0, 1, 2]);
  expect(code.programs).toEqual([]);
});

it('fails only the item whose expression failed, and names the expression', async () => {
  const { harness: engine } = harness();
  const what = '{{ item.row === 1 ? missing : item.row }}';
  const graph = listed().node('say', 'test.say', { what }).policy('say', { onError: 'error-port' }).build();
  const { steps, values } = await engine.run(graph);
  expect(values('say.item')).toEqual([0, 2]);
  expect(steps.say?.outputs.error?.[0]?.value).toEqual({
    code: 'step-refused',
    message: `{{ ${what.slice(3, -3)} }}: ReferenceError: missing is not defined`,
  });
});

it('waits for a node that code names, and carries items of nodes only where code asks for them', async () => {
  const { code, harness: engine } = harness();
  const graph = aGraph()
    .node('first', 'test.say', { what: '{{ nodes["list"].items.length + nodes.list.items[0].fields.row }}' })
    .node('second', 'test.say', { what: '{{ 1 + 1 }}' })
    .node('list', 'test.list', { values: [1, 2, 3] })
    .build();
  const { values } = await engine.run(graph);
  expect([values('first.item'), values('second.item')]).toEqual([[3], [2]]);
  const carried = code.programs.map(({ sources, shared }) => [
    sources[0]?.includes('nodes'),
    Object.keys(shared.nodes ?? {}).length > 0,
  ]);
  expect(carried.toSorted()).toEqual([
    [false, false],
    [true, true],
  ]);
});

it('fails the step when no expression could be evaluated', async () => {
  const code: CodeRunner = { run: () => Promise.reject(new NonRetryableError('It took too long.')) };
  const engine = new RunHarness([listSource, say], { code });
  const { outcome } = await engine.run(listed().node('say', 'test.say', { what: '{{ 1 + 1 }}' }).build());
  expect(outcome).toMatchObject({ state: 'failed', error: { code: 'step-refused', message: 'It took too long.' } });
});

it('never reads what an expression gave a second time', async () => {
  const { harness: engine } = harness();
  const { values } = await engine.run(
    listed().node('say', 'test.say', { what: '{{ "{{ 7" + " * 191 }" + "}" }}' }).build(),
  );
  expect(values('say.item')[0]).toBe('{{ 7 * 191 }}');
});

it('evaluates for a node that takes over as well', async () => {
  const { harness: engine } = harness();
  const graph = listed()
    .node('say', 'test.say', { what: '{{ missing.x }}' })
    .node('spare', 'test.say', { what: '{{ item.row + 10 }}' })
    .policy('say', { onError: { fallback: 'spare' } })
    .build();
  const { values } = await engine.run(graph);
  expect(values('say.item')).toEqual([10, 11, 12]);
});

it.each([
  ['{{ nodes["Up scale"].items.length * 2 }}', ['Up scale']],
  ['{{ [nodes[\'a\'], nodes . b, nodes[ "c" ]] }}', ['a', 'b', 'c']],
  ['{{ nodes[item.name].x + 1 }}', []],
])('finds the nodes that %s names', (source, names) => expect(nodesNamedIn(source)).toEqual(names));
