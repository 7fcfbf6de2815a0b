import { describe, expect, it } from 'vitest';
import { decodeYuNet } from './decode-yunet.ts';
import { type Face, withoutRepeats } from './face.ts';

/** The outputs of stride 8 for a picture of 24 x 16, with one face at a place. */
function outputs(place: number, { cls = 0.81, obj = 1 } = {}) {
  const at = (each: number, values: readonly number[]) => {
    const all = new Float32Array(6 * each);
    all.set(values, place * each);
    return all;
  };
  return {
    ...{ stride: 8, columns: 3, cls: at(1, [cls]), obj: at(1, [obj]) },
    bbox: at(4, [0.5, -0.25, Math.log(2), Math.log(3)]),
    kps: at(10, [0, 0, 1, 0, 0.5, 0.5, 0, 1, 1, 1]),
  };
}

describe('decodeYuNet', () => {
  it('puts a face where its place says, in strides', () => {
    const [face, ...others] = decodeYuNet(outputs(4), 0.7);
    expect(others).toEqual([]);
    expect(face?.score).toBeCloseTo(0.9, 6);
    const { left, top, width, height } = face?.box ?? { left: 0, top: 0, width: 0, height: 0 };
    for (const [given, wanted] of [
      [width, 16],
      [height, 24],
      [left + width / 2, 12],
      [top + height / 2, 6],
    ] as const)
      expect(given).toBeCloseTo(wanted, 4);
    expect(face?.points).toEqual([
      { x: 8, y: 8 },
      { x: 16, y: 8 },
      { x: 12, y: 12 },
      { x: 8, y: 16 },
      { x: 16, y: 16 },
    ]);
  });

  it('leaves out what it is less sure of than asked for', () => {
    expect(decodeYuNet(outputs(1), 0.91)).toEqual([]);
    expect(decodeYuNet(outputs(1, { cls: 1, obj: 0.3 }), 0.7)).toEqual([]);
  });

  it('leaves out what is not a number', () => {
    expect(decodeYuNet(outputs(2, { cls: Number.NaN }), 0)).toHaveLength(5);
    const broken = outputs(2);
    broken.kps[20] = Number.POSITIVE_INFINITY;
    expect(decodeYuNet(broken, 0.7)).toEqual([]);
  });
});

describe('withoutRepeats', () => {
  const face = (left: number, score: number): Face => ({
    box: { left, top: 0, width: 10, height: 10 },
    ...{ score, points: [] },
  });

  it('keeps the surest of faces that cover each other, and faces beside each other', () => {
    const faces = [face(0, 0.8), face(2, 0.9), face(8, 0.7), face(40, 0.6)];
    expect(withoutRepeats(faces, 0.3).map(({ score }) => score)).toEqual([0.9, 0.7, 0.6]);
  });
});
