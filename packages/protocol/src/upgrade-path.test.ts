import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { missingTypeProblem } from './missing-type.ts';
import { catalogueOf, type NodeDescription } from './node-description.ts';
import { upgradePath } from './upgrade-path.ts';

const version = (number: number, upgradesFrom: number[] = [], type = 'acme.sepia'): NodeDescription => ({
  ...{ type, version: number, title: 'Sepia', summary: 'S.', group: 'processing', icon: 'box', upgradesFrom },
  ...{ inputs: {}, outputs: {}, params: {}, credentials: {}, credits: 0, effects: 'pure', mode: 'each', typicalMs: 1 },
});

describe('upgradePath', () => {
  it.each<[string, NodeDescription[], number, number[]]>([
    ['goes straight to the newest', [version(1), version(2, [1])], 1, [2]],
    ['goes over the versions between', [version(3, [2]), version(2, [1])], 1, [2, 3]],
    ['prefers the direct way', [version(3, [1, 2]), version(2, [1])], 1, [3]],
    ['needs no installed version to begin with', [version(2, [1])], 1, [2]],
    ['stops before a version that takes nothing over', [version(3), version(2, [1])], 1, [2]],
    ['finds nothing for the newest', [version(2, [1])], 2, []],
    ['finds nothing where nothing takes over', [version(1), version(2)], 1, []],
    ['never goes back', [version(1, [2]), version(2)], 2, []],
    ['is not led in a circle by a package that is wrong', [version(2, [2, 3]), version(3, [3, 2])], 1, []],
  ])('%s', (_what, versions, from, path) => {
    expect(upgradePath(versions, from)).toEqual(path);
  });

  it('gives rising versions of which each takes over the one before', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { maxLength: 8 });
    const versions = numbers.chain((all) =>
      fc.tuple(...all.map((number) => fc.subarray([1, 2, 3, 4, 5, 6, 7, 8]).map((from) => version(number, from)))),
    );
    fc.assert(
      fc.property(versions, fc.integer({ min: 1, max: 8 }), (installed, from) => {
        let at = from;
        for (const next of upgradePath(installed, from)) {
          expect(next).toBeGreaterThan(at);
          expect(installed.find((entry) => entry.version === next)?.upgradesFrom).toContain(at);
          at = next;
        }
      }),
    );
  });
});

describe('a type that is missing', () => {
  const node = (type: string, number: number) => ({
    ...{ id: 'n', type, version: number, name: 'Old photo', params: {}, position: { x: 0, y: 0 } },
  });
  const packages = [{ name: '@acme/nodes', types: ['acme.sepia'] }];

  it.each<[string, NodeDescription[], string, number, string]>([
    [
      'of a package nobody has',
      [],
      'other.blur',
      1,
      'Install the package that brings other nodes, or remove the node.',
    ],
    [
      'beside others of its package',
      [version(1)],
      'acme.blur',
      1,
      'Update @acme/nodes, which brings other acme nodes, or remove the node.',
    ],
    [
      'in the newer version it was saved with',
      [version(2), version(1)],
      'acme.sepia',
      3,
      'Update @acme/nodes: what is installed brings version 2 and 1. Or remove the node.',
    ],
    [
      'in an older version that a newer one takes over',
      [version(2, [1])],
      'acme.sepia',
      1,
      'Upgrade the node to version 2, which is installed.',
    ],
    [
      'in an older version that nothing takes over',
      [version(2)],
      'acme.sepia',
      1,
      'Install a version of @acme/nodes that brings version 1 beside 2, or put a new node in its place.',
    ],
  ])('%s says what to do', (_what, installed, type, number, remedy) => {
    expect(missingTypeProblem(node(type, number), catalogueOf(installed, packages))).toEqual({
      ...{ code: 'unknown-node-type', severity: 'blocked', node: 'n', remedy },
      message: `Old photo needs the node type ${type} (version ${number}), which is not installed.`,
    });
  });
});
