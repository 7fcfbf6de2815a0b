import { defineNode, port, slider, text } from '@imaginarium/node-sdk';
import type { JsonObject } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { NodeRegistry } from './node-registry.ts';
import { UpgradeRefusedError } from './upgrade-node.ts';

const tint = (version: number, upgrade: Record<number, (params: JsonObject) => JsonObject> = {}, said = 'tint') =>
  defineNode({
    ...{ type: 'acme.tint', version, title: 'Tint', summary: 'Tints.', group: 'processing', icon: 'palette' },
    inputs: {},
    outputs: { said: port.text() },
    params:
      version === 1
        ? { power: slider({ title: 'Power', min: 0, max: 10, default: 5 }) }
        : { strength: slider({ title: 'Strength', min: 0, max: 1, default: 0.5 }), tone: text({ title: 'Tone' }) },
    effects: 'pure',
    upgrade,
    execute: () => ({ said }),
  });
const toStrength = ({ power, ...rest }: JsonObject): JsonObject => ({
  ...rest,
  ...(typeof power === 'number' ? { strength: power / 10 } : {}),
});

const registryOf = (...nodes: ReturnType<typeof tint>[]) => {
  const registry = new NodeRegistry();
  registry.add({ name: '@acme/nodes', version: '2.0.0' }, nodes);
  return registry;
};

describe('versions of a node type', () => {
  it('stand side by side, the newest first, and are listed once by their package', () => {
    const registry = registryOf(tint(1), tint(2, { 1: toStrength }));
    expect(registry.versionsOf('acme.tint').map(({ version }) => version)).toEqual([2, 1]);
    expect([registry.describe('acme.tint', 1)?.params, registry.describe('acme.tint', 3)]).toEqual([
      { power: expect.anything() },
      undefined,
    ]);
    expect(registry.packages()[0]?.types).toEqual(['acme.tint']);
  });

  it('take over the params of a node, and leave the node as it is', () => {
    const params = Object.freeze({ power: 8 });
    const registry = registryOf(
      tint(1),
      tint(2, { 1: toStrength }),
      tint(3, { 2: (all) => ({ ...all, tone: 'warm' }) }),
    );
    expect(registry.upgrade({ type: 'acme.tint', version: 1, params })).toEqual({
      version: 3,
      params: { strength: 0.8, tone: 'warm' },
    });
  });

  it.each<[string, JsonObject | (() => never) | unknown, RegExp]>([
    [
      'throws',
      () => {
        throw new Error('no power');
      },
      /^The upgrade of acme\.tint from version 1 to 2 failed: no power\. This is a mistake in the package @acme\/nodes\.$/,
    ],
    ['gives nothing', () => undefined, /gave no params: expected an object of JSON values/],
    ['gives a list', () => [], /gave no params/],
    ['gives what is no JSON', () => ({ strength: Number.NaN }), /gave no params/],
    ['gives a param that is not there', () => ({ power: 3 }), /gave the param "power", which version 2 does not have/],
  ])('refuse an upgrade that %s', (_what, upgrade, message) => {
    const registry = registryOf(tint(2, { 1: upgrade as (params: JsonObject) => JsonObject }));
    const attempt = () => registry.upgrade({ type: 'acme.tint', version: 1, params: {} });
    expect(attempt).toThrow(UpgradeRefusedError);
    expect(attempt).toThrow(message);
  });

  it('refuse a node that nothing takes over', () => {
    expect(() => registryOf(tint(2)).upgrade({ type: 'acme.tint', version: 1, params: {} })).toThrow(
      'acme.tint has no newer version that takes over version 1.',
    );
  });
});

describe('a package that is loaded anew', () => {
  const source = { name: '@acme/nodes', version: '2.0.0' };
  const saidBy = (registry: NodeRegistry, revision?: number) =>
    registry.find('acme.tint', 1, revision)?.definition.execute({} as never);

  it('stands in the place of what it was, which is still found by its revision', async () => {
    const registry = registryOf(tint(1, {}, 'first'));
    registry.replace('@acme/nodes', { name: '@acme/new-name', version: '2.0.1' }, [tint(1, {}, 'second'), tint(2)]);
    registry.replace('@acme/new-name', source, [tint(1, {}, 'third')]);
    expect(
      await Promise.all([saidBy(registry), saidBy(registry, 0), saidBy(registry, 1), saidBy(registry, 2)]),
    ).toEqual([{ said: 'third' }, { said: 'first' }, { said: 'second' }, { said: 'third' }]);
    expect(registry.packages()).toEqual([{ ...source, state: 'loaded', types: ['acme.tint'] }]);
    expect(registry.describe('acme.tint', 2)).toBeUndefined();
  });

  it('stays what it was when it would shadow another, or could not be loaded', async () => {
    const registry = registryOf(tint(1, {}, 'first'));
    registry.add({ name: 'other', version: '1.0.0' }, [
      defineNode({
        ...{ type: 'other.node', version: 1, title: 'O', summary: 'O.', group: 'flow', icon: 'box' },
        inputs: {},
        outputs: {},
        effects: 'pure',
        execute: () => ({}),
      }),
    ]);
    const shadow = registry.find('other.node', 1)?.definition as ReturnType<typeof tint>;
    expect(() => registry.replace('@acme/nodes', source, [shadow])).toThrow('already brought by other');
    registry.noteError('@acme/nodes', 'src/index.ts:3: Unexpected token');
    expect(await saidBy(registry)).toEqual({ said: 'first' });
    expect(registry.packages()[0]).toEqual({
      ...{ name: '@acme/nodes', version: '2.0.0', state: 'loaded', types: ['acme.tint'] },
      error: 'src/index.ts:3: Unexpected token',
    });
  });
});
