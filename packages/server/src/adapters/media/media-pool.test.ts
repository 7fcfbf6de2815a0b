import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileRefusedError, NodeCrashError, type NodeTask, type TaskHost } from '@imaginarium/engine';
import { NonRetryableError, RetryLaterError } from '@imaginarium/node-sdk';
import { samplePng, TestCode, TestFiles, TestHttp } from '@imaginarium/node-sdk/testing';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MediaPool } from './media-pool.ts';

let folder: string;
let pool: MediaPool;
const never = new AbortController().signal;

/** A node package on the disk whose nodes do what heavy nodes do wrong. */
const PACKAGE = `
import { NonRetryableError, RetryLaterError } from '@imaginarium/node-sdk';
const description = (type) => ({ type, version: 1, title: type, summary: type, group: 'processing', icon: 'x', inputs: {}, outputs: { text: { type: 'text' }, image: { type: 'image' } },
  params: {}, credentials: {}, credits: 0, effects: 'pure', mode: 'each', typicalMs: 1 });
const node = (type, execute) => ({ description: description(type), upgrade: {}, credits: () => 0, resources: () => undefined, yields: () => 1, fingerprint: async () => '', execute });
const hold = [];
export default { nodes: [
  node('wild.environment', async () => ({ text: JSON.stringify(Object.keys(process.env)) })),
  node('wild.spin', async () => { for (;;); }),
  node('wild.exit', async () => process.exit(3)),
  node('wild.hungry', async () => { for (;;) { hold.push(Buffer.alloc(20_000_000, 1)); await new Promise((r) => setTimeout(r, 5)); } }),
  node('wild.dieting', async ({ files, log }) => { const { appendFile, readFile } = await import('node:fs/promises');
    const journal = (await files.lastingFolder()) + '/tries'; await appendFile(journal, 'x');
    const tries = (await readFile(journal, 'utf8')).length; log.info('try ' + tries);
    while (tries < 4) { hold.push(Buffer.alloc(20_000_000, 1)); await new Promise((r) => setTimeout(r, 5)); }
    return { text: String(tries) }; }),
  node('wild.call', async ({ http }) => { const { status, body, headers } = await http.fetch('https://api.acme.com', { method: 'POST', body: new Uint8Array([0, 255]) });
    return { text: [status, ...body, headers['x-a']].join() }; }),
  node('wild.refuse', async () => { throw new NonRetryableError('no thanks'); }),
  node('wild.later', async () => { throw new RetryLaterError({ afterMs: 1234 }); }),
  node('wild.write', async ({ files, log, progress }) => { progress(0.5, 'half'); log.info('writing', { n: 1 });
    return { image: await files.write(new Uint8Array([1, 2, 3]), { name: 'x.png', mime: 'image/png', width: 1, height: 1 }) }; }),
] };`;

function aTask(type: string): NodeTask {
  const nothing = { input: {}, items: {}, fields: {}, params: {}, credentials: {} };
  return { type, version: 1, ...nothing, idempotencyKey: 'run:node:0', modelsFolder: '/nonexistent' };
}

function aHost(changes: Partial<TaskHost> = {}): TaskHost {
  const ignore = () => undefined;
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  return { code: new TestCode(), http: new TestHttp(), files: new TestFiles(), progress: ignore, log, ...changes };
}

function options() {
  const packages = [{ folder, entry: './index.js' }];
  return { packages, cacheFolder: tmpdir(), memoryMb: 400, concurrency: 2, pixelLimit: 1_000_000 };
}

beforeAll(async () => {
  // Inside the workspace, so that the package finds the node kit as an installed one does.
  folder = await mkdtemp(join(import.meta.dirname, '.test-package-'));
  const manifest = { name: 'wild', version: '1.0.0', type: 'module', imaginarium: { api: 1, entry: './index.js' } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'index.js'), PACKAGE);
  pool = new MediaPool(options());
});

afterAll(async () => {
  pool.close();
  await rm(folder, { recursive: true, force: true });
});

describe('MediaPool executing nodes', () => {
  it("gives a node none of the server's environment", async () => {
    const { outputs } = await pool.execute(aTask('wild.environment'), aHost(), never);
    expect(JSON.parse(String(outputs.text?.[0]?.value)).toSorted()).toEqual([
      'MALLOC_MMAP_THRESHOLD_',
      'XDG_CACHE_HOME',
    ]);
  });

  it('hands over files, progress and logs', async () => {
    const told: unknown[] = [];
    const log = { ...aHost().log, info: (message: string, data?: unknown) => told.push([message, data]) };
    await using files = new TestFiles();
    const host = aHost({ files, log, progress: (share, message) => told.push([share, message]) });
    const { outputs } = await pool.execute(aTask('wild.write'), host, never);
    expect(outputs.image?.[0]?.value).toMatchObject({ kind: 'image', bytes: 3, name: 'x.png' });
    expect(told).toEqual([
      [0.5, 'half'],
      ['writing', { n: 1 }],
    ]);
  });

  it('looks into a picture while the node that made it waits, even with one place', async () => {
    const one = new MediaPool({ ...options(), concurrency: 1 });
    await using files = new TestFiles();
    const path = join(folder, 'made.png');
    await writeFile(path, samplePng(30, 20));
    const adopt = async () => {
      const size = await one.inspectPicture(path, 'made.png');
      return files.write(samplePng(), { name: 'made.png', mime: 'image/png', ...size });
    };
    const host = aHost({ files: Object.assign(Object.create(files), { adopt, folder: () => files.folder() }) });
    const { outputs } = await one.execute(aTask('wild.write'), host, never);
    expect(outputs.image?.[0]?.value).toMatchObject({ width: 30, height: 20 });
    one.close();
  });

  it('keeps the class of the errors that nodes throw', async () => {
    await expect(pool.execute(aTask('wild.refuse'), aHost(), never)).rejects.toThrow(NonRetryableError);
    await expect(pool.execute(aTask('wild.later'), aHost(), never)).rejects.toMatchObject({ afterMs: 1234 });
  });

  it('calls services for nodes, with what they send and what comes, and the class of what goes wrong', async () => {
    const http = new TestHttp(() => ({ status: 201, headers: { 'x-a': 'b' }, body: new Uint8Array([7, 0, 200]) }));
    const { outputs } = await pool.execute(aTask('wild.call'), aHost({ http }), never);
    expect(outputs.text?.[0]?.value).toBe('201,7,0,200,b');
    expect(http.requests).toEqual([{ url: 'https://api.acme.com', method: 'POST', body: Buffer.from([0, 255]) }]);
    const away = { fetch: () => Promise.reject(new RetryLaterError({ afterMs: 4000, message: 'It has failed.' })) };
    const failing = pool.execute(aTask('wild.call'), aHost({ http: away }), never);
    await expect(failing).rejects.toMatchObject({ afterMs: 4000, message: 'It has failed.' });
  });

  it('cancels a node that never looks up, at once, and goes on with the next', async () => {
    const controller = new AbortController();
    const spinning = pool.execute(aTask('wild.spin'), aHost(), controller.signal);
    setTimeout(() => controller.abort(new Error('enough')), 300);
    await expect(spinning).rejects.toThrow('enough');
    await expect(pool.execute(aTask('wild.refuse'), aHost(), never)).rejects.toThrow('no thanks');
  });

  it('fails only the work of a process that ends', async () => {
    await expect(pool.execute(aTask('wild.exit'), aHost(), never)).rejects.toThrow(NodeCrashError);
    await expect(pool.execute(aTask('wild.refuse'), aHost(), never)).rejects.toThrow('no thanks');
  });

  it('has work that keeps what is done go on in a new process when it took too much memory', async () => {
    const warnings: string[] = [];
    await using files = new TestFiles();
    const host = aHost({ files, log: { ...aHost().log, warn: (message) => warnings.push(message) } });
    const { outputs } = await pool.execute(aTask('wild.dieting'), host, never);
    expect(outputs.text?.[0]?.value).toBe('4');
    expect(warnings).toEqual(
      Array.from(
        { length: 3 },
        () =>
          'It needed more than the 400 MB of memory a media process may use. It goes on with what is done, with less at once.',
      ),
    );
  });

  it('kills a process that takes too much memory, and says so', async () => {
    await expect(pool.execute(aTask('wild.hungry'), aHost(), never)).rejects.toThrow('more than the 400 MB');
  });
});

describe('MediaPool looking at pictures', () => {
  const inspect = async (bytes: Uint8Array, name = 'photo.png') => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return pool.inspectPicture(path, name);
  };

  it('gives the size as shown', async () => {
    expect(await inspect(samplePng(40, 20))).toEqual({ width: 40, height: 20 });
    const turned = await sharp(samplePng(40, 20)).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await inspect(turned, 'turned.jpg')).toEqual({ width: 20, height: 40 });
  });

  it('refuses a picture that ends too early', async () => {
    const noise = {
      width: 400,
      height: 400,
      channels: 3,
      background: 'red',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    } as const;
    for (const format of ['jpeg', 'png', 'webp'] as const) {
      const whole = await sharp({ create: noise }).toFormat(format).toBuffer();
      await expect(inspect(whole.subarray(0, whole.length / 2), `half.${format}`), format).rejects.toThrow(
        FileRefusedError,
      );
    }
  });

  it('refuses a picture over the pixel limit by its header, with both numbers', async () => {
    const bomb = await sharp({ create: { width: 9000, height: 9000, channels: 3, background: 'white' } })
      .png()
      .toBuffer();
    await expect(inspect(bomb, 'bomb.png')).rejects.toThrow(
      'bomb.png has 81.0 megapixels (9000 x 9000); at most 1.0 are allowed',
    );
  });

  it('reads no other formats than those uploads may have', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>');
    await expect(inspect(svg, 'drawing.svg')).rejects.toThrow(FileRefusedError);
  });

  it('makes a thumbnail that fits', async () => {
    const source = join(folder, 'large.png');
    const target = join(folder, 'small.webp');
    await writeFile(source, samplePng(800, 400));
    await pool.makeThumbnail(source, target, 160);
    expect(existsSync(target)).toBe(true);
    expect(await sharp(target).metadata()).toMatchObject({ format: 'webp', width: 160, height: 80 });
  });
});
