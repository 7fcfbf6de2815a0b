import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignmentOf, TEMPLATE } from './align-face.ts';
import {
  distance,
  growthOf,
  inverse,
  moved,
  type Point,
  robustSimilarity,
  type Similarity,
  similarityOf,
} from './similarity.ts';

const similarities = fc
  .record({
    angle: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
    growth: fc.double({ min: 0.05, max: 20, noNaN: true }),
    dx: fc.integer({ min: -5000, max: 5000 }),
    dy: fc.integer({ min: -5000, max: 5000 }),
  })
  .map(({ angle, growth, dx, dy }): Similarity => {
    return { a: growth * Math.cos(angle), b: growth * Math.sin(angle), dx, dy };
  });

/** A face in a picture that the similarity brings into the square. */
const faceOf = (toFace: Similarity): Point[] => TEMPLATE.map((point) => moved(inverse(toFace), point));

describe('a similarity', () => {
  it('is found again from points that it moved, at any angle, size and place', () => {
    fc.assert(
      fc.property(similarities, (toFace) => {
        const found = similarityOf(faceOf(toFace), TEMPLATE);
        for (const [index, point] of faceOf(toFace).entries())
          expect(distance(moved(found as Similarity, point), TEMPLATE[index] as Point)).toBeLessThan(1e-3);
        expect(growthOf(found as Similarity)).toBeCloseTo(growthOf(toFace), 6);
      }),
    );
  });

  it('leads back by its inverse', () => {
    const place = fc.record({ x: fc.integer({ min: 0, max: 5000 }), y: fc.integer({ min: 0, max: 5000 }) });
    fc.assert(
      fc.property(similarities, place, (there, point) => {
        expect(distance(moved(inverse(there), moved(there, point)), point)).toBeLessThan(1e-6);
      }),
    );
  });

  it('is not to be had from points in one place', () => {
    const points = TEMPLATE.map(() => ({ x: 3, y: 4 }));
    expect(similarityOf(points, TEMPLATE)).toBeUndefined();
    expect(robustSimilarity(points, TEMPLATE, 16)).toBeUndefined();
  });
});

describe('the alignment of a face', () => {
  it('does not tilt when one point was seen far from where it is', () => {
    const off = fc.integer({ min: 100, max: 400 });
    fc.assert(
      fc.property(
        similarities,
        fc.nat({ max: 4 }),
        off,
        fc.double({ min: 0, max: 6.28, noNaN: true }),
        (toFace, which, far, at) => {
          const right = faceOf(toFace);
          const wrong = right.map(({ x, y }, index) =>
            index === which
              ? { x: x + (far * Math.cos(at)) / growthOf(toFace), y: y + (far * Math.sin(at)) / growthOf(toFace) }
              : { x, y },
          );
          const found = robustSimilarity(wrong, TEMPLATE, 16) as Similarity;
          for (const [index, point] of right.entries())
            expect(distance(moved(found, point), TEMPLATE[index] as Point)).toBeLessThan(1e-3);
        },
      ),
    );
  });

  it('uses all points where they differ as people do', () => {
    const points = TEMPLATE.map(({ x, y }, index) => ({ x: x + (index % 3) * 4, y: y - (index % 2) * 5 }));
    expect(robustSimilarity(points, TEMPLATE, 16)).toEqual(similarityOf(points, TEMPLATE));
  });

  it('leaves out a face whose eyes are less than five pixels apart', () => {
    const face = (width: number) => ({
      points: TEMPLATE.map(({ x, y }) => ({ x: (x * width) / 512, y: (y * width) / 512 })),
    });
    expect(alignmentOf(face(20))).toBeUndefined();
    expect(growthOf(alignmentOf(face(22)) as Similarity)).toBeCloseTo(512 / 22, 6);
  });
});
