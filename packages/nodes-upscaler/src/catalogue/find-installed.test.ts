import { appendFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { anEntry, aSpeed, installTiny } from '../testing/installed-model.ts';
import { CATALOGUE } from './catalogue.ts';
import { chooseModel } from './choose-model.ts';
import { inspectModels } from './find-installed.ts';
import { keepOwn } from './own-models.ts';
import { keepSpeed } from './speeds.ts';

const wish = { task: 'super-resolution', scale: 2, budgetMs: 10_000 } as const;

describe('inspectModels', () => {
  it('finds nothing in a folder that does not exist', async () => {
    expect(await inspectModels('/nonexistent', [anEntry()])).toMatchObject([{ state: 'missing', speed: null }]);
  });

  it('finds a file of the right size and sum, and how fast it was measured to be', async () => {
    const { folder, entry, path } = await installTiny({ scale: 4 });
    const speed = aSpeed(entry, 120);
    await keepSpeed(folder, entry.name, speed);
    expect(await inspectModels(folder, [entry])).toEqual([{ entry, path, state: 'installed', speed }]);
  });

  it('forgets the speed of a file that was replaced by another', async () => {
    const { folder, entry } = await installTiny({ scale: 4 });
    await keepSpeed(folder, entry.name, { ...aSpeed(entry, 120), sha256: '1'.repeat(64) });
    expect(await inspectModels(folder, [entry])).toMatchObject([{ speed: null }]);
  });

  it('finds own models before those of the catalogue, and in the place of one of their name', async () => {
    const { folder, entry } = await installTiny({ scale: 4 }, { origin: 'own', name: 'imaginarium-x4' });
    await keepOwn(folder, entry.name, entry);
    const found = await inspectModels(folder);
    expect(found[0]).toMatchObject({ entry, state: 'installed' });
    expect(found.filter((model) => model.entry.name === 'imaginarium-x4')).toHaveLength(1);
    await keepOwn(folder, entry.name, null);
    expect((await inspectModels(folder)).find((model) => model.entry.name === 'imaginarium-x4')?.entry.origin).toBe(
      'shipped',
    );
  });

  it('calls a file of another size or sum damaged, also when it changed in the meantime', async () => {
    const { folder, entry, path } = await installTiny({ scale: 2 });
    expect((await inspectModels(folder, [entry]))[0]?.state).toBe('installed');
    await appendFile(path, 'x');
    expect((await inspectModels(folder, [entry]))[0]?.state).toBe('damaged');
    await writeFile(path, new Uint8Array(entry.bytes ?? 0));
    expect((await inspectModels(folder, [entry]))[0]?.state).toBe('damaged');
  });
});

describe('chooseModel', () => {
  const hosted = { url: 'https://models.example/tiny-x4.onnx' };

  it('says what to do when there is no network', async () => {
    const catalogue = [anEntry(hosted), anEntry({ file: 'own.onnx', origin: 'shipped' })];
    await expect(chooseModel('/nonexistent', wish, 'auto', catalogue)).rejects.toThrow(
      'No network for super-resolution can be used. Install it with: imaginarium models pull tiny-x4, or copy tiny-x4.onnx to /nonexistent. own.onnx, which comes with this package, is missing: install the package again.',
    );
  });

  it('names the file that is damaged', async () => {
    const { folder, path, entry } = await installTiny({ scale: 2 }, hosted);
    await appendFile(path, 'x');
    const wrong = `tiny-x2.onnx in ${folder} is not the file it should be: its size or SHA-256 differs.`;
    await expect(chooseModel(folder, wish, 'auto', [entry])).rejects.toThrow(
      `${wrong} Install it again with: imaginarium models pull tiny-x4.`,
    );
    await expect(chooseModel(folder, wish, 'auto', [{ ...entry, url: null }])).rejects.toThrow(
      `${wrong} Import it again with: imaginarium models import tiny-x2.onnx.`,
    );
  });

  it('refuses a named network that is not installed, and one that nobody knows', async () => {
    await expect(chooseModel('/nonexistent', wish, 'tiny-x4', [anEntry(hosted)])).rejects.toThrow(
      'model: tiny-x4 is not installed. Install it with: imaginarium models pull tiny-x4, or copy tiny-x4.onnx to /nonexistent. Or choose auto.',
    );
    await expect(chooseModel('/nonexistent', wish, 'tiny-x4', [anEntry()])).rejects.toThrow(
      'model: tiny-x4 is not installed. How to have it: imaginarium models show tiny-x4. Or choose auto.',
    );
    await expect(chooseModel('/nonexistent', wish, 'huge', [anEntry()])).rejects.toThrow(
      'model: expected auto, tiny-x4, received "huge".',
    );
  });

  it('leaves out networks whose scale is no multiple of the one asked for', async () => {
    const { folder, entry } = await installTiny({ scale: 3 });
    await expect(chooseModel(folder, wish, entry.name, [entry])).rejects.toThrow('expected auto');
  });

  it('takes the best that fits the time budget on this machine, or else the fastest', async () => {
    const { folder, entry } = await installTiny({ scale: 2 });
    const [best, quick] = [
      { ...entry, name: 'best' },
      { ...entry, name: 'quick' },
    ];
    await keepSpeed(folder, 'best', aSpeed(entry, 30_000));
    await keepSpeed(folder, 'quick', aSpeed(entry, 1000));
    const chosen = async (budgetMs: number) =>
      (await chooseModel(folder, { ...wish, budgetMs }, 'auto', [best, quick])).entry.name;
    expect([await chosen(60_000), await chosen(10_000), await chosen(1)]).toEqual(['best', 'quick', 'quick']);
  });

  it('keeps to the network that comes with the package when a busy machine made it look slow', async () => {
    const { folder } = await installTiny({ scale: 3 });
    for (const { name, sha256 } of CATALOGUE.filter(({ origin }) => origin === 'shipped'))
      await keepSpeed(folder, name, aSpeed(anEntry({ sha256 }), name === 'imaginarium-x2' ? 90_000 : 1000));
    expect((await chooseModel(folder, wish, 'auto')).entry.name).toBe('imaginarium-x2');
  });

  it('takes the first that is installed', async () => {
    const { folder, entry } = await installTiny({ scale: 2 });
    const found = await chooseModel(folder, wish, 'auto', [anEntry({ name: 'better' }), entry]);
    expect(found.entry).toBe(entry);
  });
});
