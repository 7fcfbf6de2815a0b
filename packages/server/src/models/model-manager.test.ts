import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelEntry } from '@imaginarium/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { modelBytes, modelEntry, testKit, testModels } from '../testing/test-models.ts';
import type { ModelManagerOptions } from './model-manager.ts';

const BYTES = modelBytes();
const consent = { by: 'Ada', acceptLicence: false };

/** A manager over an empty folder, and a server that has the model. */
async function world(
  entry: Partial<ModelEntry> = {},
  answer: (req: IncomingMessage, res: ServerResponse, count: number) => void = (_req, res) =>
    res.writeHead(200, { 'content-length': BYTES.length }).end(BYTES),
  changes: Partial<ModelManagerOptions> = {},
) {
  let asked = 0;
  const server = createServer((req, res) => answer(req, res, ++asked));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = await mkdtemp(join(tmpdir(), 'imaginarium-models-'));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tiny.onnx`;
  const kit = testKit([modelEntry(BYTES, { url, ...entry })]);
  const models = testModels(kit, { folder, ...changes });
  onTestFinished(async () => {
    await models.close();
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { folder, models, kit, url, asked: () => asked, file: join(folder, 'tiny.onnx') };
}

describe('ModelManager', () => {
  it('fetches a model, puts it in its place and measures it', async () => {
    const { models, file, folder } = await world();
    expect((await models.list())[0]).toMatchObject({ state: 'missing', pullable: true, pull: null });
    expect(await models.pull('tiny', consent)).toMatchObject({ pull: { state: 'pulling' } });
    await models.pulled('tiny');
    expect((await readFile(file)).equals(BYTES)).toBe(true);
    expect(await models.state('tiny')).toMatchObject({
      ...{ state: 'installed', pull: null },
      speed: { msPerMegapixel: 1234, peakMemoryMb: 100 },
    });
    expect(await readdir(folder)).toEqual(['tiny.onnx']);
  });

  it('measures what restores faces too, and says why it does not measure what finds them', async () => {
    const restorer = await world({ task: 'face-restoration', scale: 1 });
    await restorer.models.pull('tiny', consent);
    await restorer.models.pulled('tiny');
    expect((await restorer.models.state('tiny')).speed).toMatchObject({ msPerMegapixel: 1234 });
    const detector = await world({ task: 'face-detection', scale: 1 });
    await detector.models.pull('tiny', consent);
    await detector.models.pulled('tiny');
    expect((await detector.models.state('tiny')).speed).toBeNull();
    await expect(detector.models.measure('tiny')).rejects.toMatchObject({
      ...{ code: 'bad-request', message: 'Tiny is not measured: finding faces is a small part of any upscale.' },
    });
  });

  it('fetches once what two people ask for at once', async () => {
    const { models, asked } = await world();
    await Promise.all([models.pull('tiny', consent), models.pull('tiny', consent)]);
    await models.pulled('tiny');
    await models.pull('tiny', consent);
    expect([asked(), (await models.state('tiny')).state]).toEqual([1, 'installed']);
  });

  it('leaves a model alone that another process is fetching, and takes over from one that died', async () => {
    const { models, file } = await world();
    await writeFile(`${file}.lock`, `${hostname()} 1`);
    await models.pull('tiny', consent);
    await expect(models.pulled('tiny')).rejects.toThrow('Another process is fetching this model already');
    expect((await models.state('tiny')).pull).toMatchObject({ state: 'failed' });
    await writeFile(`${file}.lock`, `${hostname()} 4194303`);
    await models.pull('tiny', consent);
    await models.pulled('tiny');
    expect((await models.state('tiny')).state).toBe('installed');
  });

  it('stops a download on request and goes on with it later', async () => {
    const { models, asked, file } = await world({}, (req, res, count) => {
      const from = Number(/^bytes=(\d+)-$/.exec(req.headers.range ?? '')?.[1] ?? 0);
      res.writeHead(from > 0 ? 206 : 200, {
        'content-length': BYTES.length - from,
        ...(from > 0 ? { 'content-range': `bytes ${from}-${BYTES.length - 1}/${BYTES.length}` } : {}),
      });
      if (count === 1) res.write(BYTES.subarray(0, 20_000));
      else res.end(BYTES.subarray(from));
    });
    await models.pull('tiny', consent);
    await expect.poll(async () => (await models.state('tiny')).pull?.bytes).toBe(20_000);
    expect(await models.cancelPull('tiny')).toMatchObject({
      pull: { state: 'cancelled', bytes: 20_000, total: 50_000, message: null },
    });
    await models.pull('tiny', consent);
    await models.pulled('tiny');
    expect([(await readFile(file)).equals(BYTES), asked()]).toEqual([true, 2]);
  });

  it('tells why a download failed, and lets it be tried again', async () => {
    const { models } = await world({}, (_req, res, count) =>
      count === 1 ? res.writeHead(404).end() : res.writeHead(200).end(BYTES),
    );
    await models.pull('tiny', consent);
    await expect(models.pulled('tiny')).rejects.toThrow('answers with 404');
    expect((await models.state('tiny')).pull).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('answers with 404'),
    });
    await models.pull('tiny', consent);
    await models.pulled('tiny');
    expect((await models.state('tiny')).state).toBe('installed');
  });

  it('says that the disk is full, and what is kept', async () => {
    const { models, file } = await world();
    // A device that takes nothing, as a full disk does.
    await symlink('/dev/full', `${file}.part`);
    await models.pull('tiny', consent);
    await expect(models.pulled('tiny')).rejects.toMatchObject({
      code: 'disk-full',
      message: expect.stringContaining('The disk is full'),
    });
  });

  it('refuses what does not fit on the disk before it fetches anything', async () => {
    const { models, asked } = await world({ bytes: 9e15 });
    await models.pull('tiny', consent);
    await expect(models.pulled('tiny')).rejects.toThrow(/has 9000000000 MB, and \d+ MB are free/);
    expect(asked()).toBe(0);
  });

  it('fetches from a mirror, also what the catalogue has no address of', async () => {
    const source = await world();
    const { models } = await world({ url: null }, undefined, { mirrorUrl: new URL('/', source.url).href });
    await models.pull('tiny', consent);
    await models.pulled('tiny');
    expect([(await models.state('tiny')).state, source.asked()]).toEqual(['installed', 1]);
  });

  it('has a person accept a licence that is not for commercial use, and remembers who did', async () => {
    const licence = { name: 'S-Lab License 1.0', url: 'https://example.org/licence', note: 'For research only.' };
    const { models } = await world({ commercial: false, licence });
    await expect(models.pull('tiny', consent)).rejects.toMatchObject({
      code: 'licence-not-accepted',
      message:
        'Tiny is under S-Lab License 1.0. For research only. Read it at https://example.org/licence. Accept it to go on.',
    });
    await models.pull('tiny', { by: 'Ada', acceptLicence: true });
    await models.pulled('tiny');
    const { accepted } = await models.state('tiny');
    expect(accepted).toEqual({ by: 'Ada', at: expect.stringMatching(/^20/) });
    await models.remove('tiny');
    await models.pull('tiny', { by: 'Bob', acceptLicence: false });
    await models.pulled('tiny');
    expect((await models.state('tiny')).accepted).toEqual(accepted);
  });

  it('says how to come by a model that nobody hosts', async () => {
    const { models } = await world({ url: null, convert: 'Export it with torch.' });
    await expect(models.pull('tiny', consent)).rejects.toThrow(
      'Nobody hosts tiny.onnx with a checksum, so it cannot be fetched. Export it with torch. Import it with: imaginarium models import tiny.onnx',
    );
    await expect(models.pull('huge', consent)).rejects.toThrow('There is no model "huge". There are: tiny.');
  });

  it('finds a model damaged by reading it whole, and replaces it', async () => {
    const { models, file } = await world();
    await writeFile(file, BYTES.subarray(1));
    expect((await models.verify('tiny')).state).toBe('damaged');
    await models.pull('tiny', consent);
    await models.pulled('tiny');
    expect((await models.verify('tiny')).state).toBe('installed');
  });

  it('removes a model and what a download left, but none that comes with a package', async () => {
    const { models, file, folder } = await world();
    await writeFile(file, BYTES);
    await writeFile(`${file}.part`, BYTES.subarray(5));
    await models.remove('tiny');
    expect(await readdir(folder)).toEqual([]);
    const shipped = await world({ origin: 'shipped' });
    await expect(shipped.models.remove('tiny')).rejects.toThrow('comes with its node package and cannot be removed');
  });

  describe('import', () => {
    it('knows a file of the catalogue by its bytes, whatever it is called', async () => {
      const { models, folder, file } = await world();
      const path = join(folder, 'from-a-stick.bin');
      await writeFile(path, BYTES);
      expect(await models.importFile(path, 'whatever.onnx', consent)).toMatchObject({
        entry: { name: 'tiny', origin: 'catalogue' },
        state: 'installed',
      });
      expect((await readFile(file)).equals(BYTES)).toBe(true);
    });

    it('examines any other file, and makes it an own model called as the file', async () => {
      const { models, folder } = await world();
      const path = join(folder, 'upload');
      await writeFile(path, 'model of mine');
      expect(await models.importFile(path, 'My Best Model (2).onnx', consent)).toMatchObject({
        entry: { name: 'my-best-model-2', title: 'My Best Model (2)', origin: 'own', scale: 3, bytes: 13 },
        ...{ state: 'installed', pullable: false, speed: { msPerMegapixel: 1234 } },
      });
      expect(await readFile(join(folder, 'my-best-model-2.onnx'), 'utf8')).toBe('model of mine');
      await models.remove('my-best-model-2');
      expect((await models.list()).map(({ entry }) => entry.name)).toEqual(['tiny']);
    });

    it('takes a file for the entry of its name where that has no checksum, with its licence', async () => {
      const { models, folder } = await world({ sha256: null, bytes: null, commercial: false });
      const path = join(folder, 'upload');
      await writeFile(path, 'model of others');
      await expect(models.importFile(path, 'tiny.onnx', consent)).rejects.toMatchObject({
        code: 'licence-not-accepted',
      });
      const state = await models.importFile(path, 'tiny.onnx', { by: 'Ada', acceptLicence: true });
      expect(state).toMatchObject({
        entry: { name: 'tiny', title: 'Tiny', origin: 'own', licence: { name: 'Apache-2.0' } },
        accepted: { by: 'Ada' },
      });
    });

    it('refuses what cannot be used with the reason, and leaves nothing behind', async () => {
      const { models, folder } = await world();
      const path = join(folder, 'upload');
      await writeFile(path, 'text');
      await expect(models.importFile(path, 'own.onnx', consent)).rejects.toMatchObject({
        code: 'model-refused',
        message: 'own.onnx cannot be used. It is no model.',
      });
      await expect(models.importFile(path, 'tiny.onnx', consent)).rejects.toThrow(
        'tiny.onnx is not the file of Tiny: its SHA-256 differs.',
      );
      await expect(models.importFile(path, '.onnx', consent)).rejects.toThrow('give the file a name');
      expect(await readdir(folder)).toEqual(['upload']);
    });
  });
});
