import { appendFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { anEntry, installTiny } from '../testing/installed-model.ts';
import { CATALOGUE } from './catalogue.ts';
import { chooseModel } from './choose-model.ts';
import { findInstalled, inspectModels } from './find-installed.ts';

const wish = { task: 'super-resolution', scale: 2 } as const;

describe('the catalogue', () => {
  it('names each network, file and checksum once', () => {
    for (const key of ['name', 'file', 'sha256'] as const)
      expect(new Set(CATALOGUE.map((entry) => entry[key])).size).toBe(CATALOGUE.length);
    for (const entry of CATALOGUE) expect(entry.sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('findInstalled', () => {
  it('finds nothing in a folder that does not exist', async () => {
    expect(await findInstalled('/nonexistent', wish, [anEntry()])).toEqual([]);
  });

  it('finds a file of the right size and sum', async () => {
    const { folder, entry, path } = await installTiny({ scale: 4 });
    expect(await findInstalled(folder, wish, [entry])).toEqual([{ entry, path }]);
  });

  it('leaves out networks whose scale is no multiple of the one asked for', async () => {
    const { folder, entry } = await installTiny({ scale: 3 });
    expect(await findInstalled(folder, wish, [entry])).toEqual([]);
  });

  it('calls a file of another size or sum damaged, also when it changed in the meantime', async () => {
    const { folder, entry, path } = await installTiny({ scale: 2 });
    expect((await inspectModels(folder, [entry]))[0]?.state).toBe('installed');
    await appendFile(path, 'x');
    expect((await inspectModels(folder, [entry]))[0]?.state).toBe('damaged');
    await writeFile(path, new Uint8Array(entry.bytes));
    expect((await inspectModels(folder, [entry]))[0]?.state).toBe('damaged');
  });
});

describe('chooseModel', () => {
  it('says what to do when there is no network', async () => {
    const catalogue = [anEntry(), anEntry({ file: 'own.onnx', shipped: true })];
    await expect(chooseModel('/nonexistent', wish, 'auto', catalogue)).rejects.toThrow(
      'No network for super-resolution can be used. Copy tiny-x4.onnx to /nonexistent. own.onnx, which comes with this package, is missing: install the package again.',
    );
  });

  it('names the file that is damaged', async () => {
    const { folder, path, entry } = await installTiny({ scale: 2 });
    await appendFile(path, 'x');
    await expect(chooseModel(folder, wish, 'auto', [entry])).rejects.toThrow(
      `tiny-x2.onnx in ${folder} is not the file it should be: its size or SHA-256 differs. Copy it there again.`,
    );
  });

  it('refuses a named network that is not installed, and one that nobody knows', async () => {
    await expect(chooseModel('/nonexistent', wish, 'tiny-x4', [anEntry()])).rejects.toThrow(
      'model: tiny-x4 is not installed. Copy tiny-x4.onnx to /nonexistent. Or choose auto.',
    );
    await expect(chooseModel('/nonexistent', wish, 'huge', [anEntry()])).rejects.toThrow(
      'model: expected auto, tiny-x4, received "huge".',
    );
  });

  it('takes the first that is installed', async () => {
    const { folder, entry } = await installTiny({ scale: 2 });
    const found = await chooseModel(folder, wish, 'auto', [anEntry({ name: 'better' }), entry]);
    expect(found.entry).toBe(entry);
  });
});
