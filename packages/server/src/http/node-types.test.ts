import { NodeRegistry } from '@imaginarium/engine';
import { defineNode, number, port } from '@imaginarium/node-sdk';
import { afterEach, expect, test } from 'vitest';
import { closeTestApps, setUpOwner, testApp } from '../testing/test-app.ts';

afterEach(closeTestApps);

const grow = (version: number) =>
  defineNode({
    ...{ type: 'test.grow', version, title: 'Grow', summary: 'Grows.', group: 'processing', icon: 'scaling' },
    inputs: {},
    outputs: { size: port.number() },
    params:
      version === 1
        ? { times: number({ title: 'Times', default: 1 }) }
        : { scale: number({ title: 'Scale', default: 1 }) },
    effects: 'pure',
    ...(version === 1 ? {} : { upgrade: { 1: ({ times = 1 }) => ({ scale: times }) } }),
    execute: () => ({ size: 1 }),
  });

async function world() {
  const registry = new NodeRegistry();
  registry.add({ name: '@test/nodes', version: '1.0.0' }, [grow(1), grow(2)]);
  return setUpOwner(await testApp({ catalogue: registry }));
}

test('node types are listed in all their versions', async () => {
  const { call } = await world();
  const { body } = await call('listNodeTypes');
  expect(
    body.types.map(({ version, upgradesFrom }: { version: number; upgradesFrom?: number[] }) => [
      version,
      upgradesFrom,
    ]),
  ).toEqual([
    [1, undefined],
    [2, [1]],
  ]);
});

test('nodes are upgraded without being saved; those that cannot be say why', async () => {
  const { call } = await world();
  const nodes = [
    { id: 'a', type: 'test.grow', version: 1, params: { times: '{{ item.times }}' } },
    { id: 'b', type: 'test.grow', version: 2, params: { scale: 3 } },
    { id: 'c', type: 'test.gone', version: 1, params: {} },
  ];
  const { status, body } = await call('upgradeNodes', { body: { nodes } });
  expect([status, body]).toEqual([
    200,
    {
      upgrades: [{ id: 'a', version: 2, params: { scale: '{{ item.times }}' } }],
      refused: [
        { id: 'b', message: 'test.grow has no newer version that takes over version 2.' },
        { id: 'c', message: 'test.gone has no newer version that takes over version 1.' },
      ],
    },
  ]);
  expect((await call('upgradeNodes', { body: { nodes: [] } })).status).toBe(400);
});
