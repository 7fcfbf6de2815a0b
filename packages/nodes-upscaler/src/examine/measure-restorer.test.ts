import { expect, it } from 'vitest';
import { installFile } from '../testing/face-files.ts';
import { faceRestorer } from '../testing/face-models.ts';
import { measureModel } from './measure-model.ts';

it('times a network that restores faces on a face', async () => {
  const model = await installFile('same', faceRestorer('same'));
  const { msPerMegapixel, peakMemoryMb } = await measureModel(model);
  expect(msPerMegapixel).toBeGreaterThan(0);
  expect(peakMemoryMb).toBeGreaterThan(10);
});
