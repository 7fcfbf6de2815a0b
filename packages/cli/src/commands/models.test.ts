import { copyFile, mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../testing/run-cli.ts';

/** A network that is a good one, and not of the catalogue once a byte was added that no reader minds. */
const SHIPPED = fileURLToPath(new URL('../../../nodes-upscaler/models/imaginarium-x2.onnx', import.meta.url));

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'imaginarium-models-'));
});
afterAll(() => rm(data, { recursive: true, force: true }));

describe('imaginarium models', { timeout: 120_000 }, () => {
  const models = (args: string[], env?: Record<string, string>) => runCli(['models', ...args, '--data', data], env);

  it('lists what comes with Imaginarium and what can be had, with size and licence', async () => {
    const { code, output } = await models(['list']);
    expect(code).toBe(0);
    expect(output).toMatch(/✓ imaginarium-x4 +4x +473 kB, Apache-2.0/);
    expect(output).toMatch(/↓ yunet-n +face-detection +323 kB, Apache-2.0/);
    expect(output).toMatch(/- codeformer +face-restoration +S-Lab License 1.0, not for commercial use/);
    expect((await models(['show', 'swinir-m-real-x4'])).output).toMatch(/to make: .*\n.*unknown: No ONNX file/);
  });

  it('examines an own model, tries and measures it, and removes it again', async () => {
    const path = join(data, 'My Own.onnx');
    await copyFile(SHIPPED, path);
    // An unknown field at the end: a number of the field 1000.
    await writeFile(path, Uint8Array.of(0xc0, 0x3e, 0x01), { flag: 'a' });
    const kilobytes = Math.round((await stat(path)).size / 1000);
    const { code, output } = await models(['import', path]);
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(`✓ my-own +2x +${kilobytes} kB, [\\d.]+ s a megapixel here, not stated`),
    ]);
    const [own] = JSON.parse((await models(['list', '--json'])).output);
    expect(own.entry).toMatchObject({ name: 'my-own', origin: 'own', scale: 2, receptiveRadiusPx: 12 });
    expect((await models(['verify'])).code).toBe(0);
    await truncate(join(data, 'models/my-own.onnx'), 1000);
    expect(await models(['verify'])).toMatchObject({ code: 1, output: expect.stringMatching(/✗ my-own.*damaged/) });
    expect((await models(['remove', 'my-own'])).output).toBe('My Own was removed.\n');
    expect((await models(['remove', 'yunet-n'])).output).toBe('YuNet is not installed: there was nothing to remove.\n');
  });

  it('refuses what is no model, and says why', async () => {
    const path = join(data, 'page.onnx');
    await writeFile(path, '<html>not found</html>');
    expect(await models(['import', path])).toEqual({
      code: 1,
      output: expect.stringMatching(/^page\.onnx is no ONNX file, or is damaged: .*\n$/),
    });
    expect(await models(['import', '/nonexistent.onnx'])).toEqual({
      code: 1,
      output: 'There is no file /nonexistent.onnx.\n',
    });
    expect((await models(['import', data])).output).toBe(`${data} is no file. Name the ONNX file itself.\n`);
    expect(await models(['verify', 'yunet-n'])).toEqual({
      ...{ code: 1, output: 'YuNet is not installed: there is no file to read.\n' },
    });
  });

  it('fetches from a mirror, and says what went wrong there', async () => {
    const asked: string[] = [];
    const server = createServer((req, res) => {
      asked.push(req.url ?? '');
      res.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/onnx`;
    try {
      const { code, output } = await models(['pull', 'yunet-n'], { IMAGINARIUM_MODELS_MIRROR: mirror });
      expect([code, asked]).toEqual([1, ['/onnx/yunet_n_dynamic.onnx']]);
      expect(output).toMatch(/Fetching YuNet, under Apache-2.0 …\n.*answers with 404/);
    } finally {
      server.close();
    }
  });

  it('asks to accept a licence that is not for commercial use', async () => {
    const { code, output } = await models(['pull', 'codeformer']);
    expect([code, output]).toEqual([1, expect.stringContaining('Nobody hosts codeformer.onnx with a checksum')]);
    const path = join(data, 'codeformer.onnx');
    await writeFile(path, 'none');
    expect((await models(['import', path])).output).toMatch(
      /S-Lab.*Read it at .*\. To accept it, add --accept-licence\.\n$/,
    );
    expect((await models(['import', path, '--accept-licence'])).output).toMatch(/codeformer\.onnx is no ONNX file/);
  });
});
