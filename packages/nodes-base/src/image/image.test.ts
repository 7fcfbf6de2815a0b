import { samplePng, TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import { describe, expect, it } from 'vitest';
import { image } from './image.ts';

describe('input.image', () => {
  it('gives one item for each picture, with its name and number', async () => {
    await using files = new TestFiles();
    const images = [
      await files.write(samplePng(), { name: 'me.photo.png' }),
      await files.write(samplePng(8, 8), { name: 'you.png' }),
    ];
    const { outputs } = await testNode(image).params({ images }).files(files).run();
    expect(outputs.image).toEqual([
      { value: images[0], fields: { name: 'me.photo', number: 1 } },
      { value: images[1], fields: { name: 'you', number: 2 } },
    ]);
    expect(image.yields({ params: { images }, items: 1 })).toBe(2);
  });

  it('counts nothing while nothing is chosen, and refuses to be executed then', async () => {
    expect(image.yields({ params: { images: null }, items: 1 })).toBe(0);
    await expect(testNode(image).run()).rejects.toThrow('images: expected at least one picture, received none.');
  });
});
