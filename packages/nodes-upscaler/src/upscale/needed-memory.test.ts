import { expect, it } from 'vitest';
import { CATALOGUE } from '../catalogue/catalogue.ts';
import { keepSpeed } from '../catalogue/speeds.ts';
import { aSpeed, installTiny } from '../testing/installed-model.ts';
import { neededMemoryMb, OWN_NETWORK_MB } from './needed-memory.ts';

const plan = { passes: [4, 4], model: 'auto', budgetMs: 60_000, withFaces: false, besideMb: 100 };

it('says what the networks need that will be used, as measured on this machine', async () => {
  expect(await neededMemoryMb({ ...plan, modelsFolder: '/nonexistent' })).toBe(100 + OWN_NETWORK_MB);
  const { folder } = await installTiny({ scale: 4 });
  const own = CATALOGUE.find(({ name }) => name === 'imaginarium-x4');
  if (!own) throw new Error('There is no imaginarium-x4.');
  await keepSpeed(folder, own.name, { ...aSpeed(own, 2500), peakMemoryMb: 333 });
  expect(await neededMemoryMb({ ...plan, modelsFolder: folder })).toBe(433);
});
