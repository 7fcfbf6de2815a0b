import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeCrashError } from '@imaginarium/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfinedWorld, node } from './testing/confined-world.ts';

let world: ConfinedWorld;
beforeEach(() => {
  world = new ConfinedWorld();
});
afterEach(() => world.close());

const aPackage: ConfinedWorld['aPackage'] = (...given) => world.aPackage(...given);
const load = (...folders: string[]) => world.load(folders);

describe('a confined package', { timeout: 60_000 }, () => {
  it('executes as any other, with files that it gets and makes', async () => {
    const folder = aPackage('good', [
      node('double', '({ input, log }) => { log.info("at work"); return { told: input.item * 2 }; }', 'credits: 3,'),
      node(
        'copy',
        `async ({ input, files }) => {
          const bytes = await files.read(input.image);
          return { image: await files.write(bytes, { name: 'copy.png', mime: 'text/html' }), told: bytes.length };
        }`,
      ),
      node('pass', '({ input }) => ({ image: input.image })'),
    ]);
    const { registry, files, logs, execute, told, workFolder } = await load(folder);
    expect(registry.packages()).toEqual([
      {
        ...{ name: 'good', version: '1.0.0', state: 'loaded', confined: { net: [] } },
        types: ['acme.double', 'acme.copy', 'acme.pass'],
      },
    ]);
    expect(registry.find('acme.double', 1)?.definition.credits({ params: {}, items: 9 })).toBe(3);
    expect([await told('double', { item: 21 }), logs]).toEqual([42, ['at work']]);
    const image = await files.write(new Uint8Array([1, 2, 3]), { name: 'in.png', mime: 'image/png' });
    const { outputs } = await execute('copy', { image });
    expect([outputs.told?.[0]?.value, outputs.image?.[0]?.value]).toEqual([
      3,
      expect.objectContaining({ id: image.id }),
    ]);
    expect((await execute('pass', { image })).outputs.image?.[0]?.value).toEqual(image);
    // What a task worked with is gone with it.
    expect(readdirSync(workFolder).flatMap((name) => readdirSync(join(workFolder, name)))).toEqual([]);
  });

  it('reaches no network, no file of anybody, no process, no environment and no secret', async () => {
    let calls = 0;
    const server = createServer(() => calls++).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    // Not beside the package: there stands code, which it may read.
    const elsewhere = mkdtempSync(join(tmpdir(), 'imaginarium-confined-'));
    const secret = join(elsewhere, 'secret.txt');
    writeFileSync(secret, 'secret');
    const attempt = (code: string) => `async (context) => {
      try { return { told: JSON.stringify((await (${code})) ?? 'done') }; } catch (error) { return { told: error.cause?.code ?? error.code ?? error.name }; }
    }`;
    const folder = aPackage('spy', [
      node('net', attempt(`fetch('http://127.0.0.1:${port}')`)),
      node(
        'socket',
        attempt(
          `import('node:net').then(({ connect }) => new Promise((ok, no) => connect(${port}, '127.0.0.1', ok).on('error', no)))`,
        ),
      ),
      node('read', attempt(`import('node:fs/promises').then((fs) => fs.readFile(${JSON.stringify(secret)}, 'utf8'))`)),
      node(
        'write',
        attempt(
          `import('node:fs/promises').then((fs) => fs.writeFile(${JSON.stringify(join(elsewhere, 'mark'))}, 'x'))`,
        ),
      ),
      node('exec', attempt(`import('node:child_process').then(({ execSync }) => execSync('id'))`)),
      node('thread', attempt(`import('node:worker_threads').then(({ Worker }) => new Worker('1', { eval: true }))`)),
      node('env', attempt('Promise.resolve(Object.keys(process.env))')),
      node('given', attempt('Promise.resolve([context.credentials, context.modelsFolder])')),
      node('outside', attempt(`context.files.adopt(${JSON.stringify(secret)}, { name: 'x.txt' })`)),
      node('export', attempt(`context.files.export({ id: 'a' }, 'x.txt', 'replace')`)),
    ]);
    const { told } = await load(folder);
    const denied = 'ERR_ACCESS_DENIED';
    expect(await Promise.all(['net', 'socket', 'read', 'write', 'exec', 'thread'].map((type) => told(type)))).toEqual(
      Array.from({ length: 6 }, () => denied),
    );
    expect([await told('env'), await told('given')]).toEqual(['[]', '[{},""]']);
    expect([await told('outside'), await told('export')]).toEqual(['NonRetryableError', 'NonRetryableError']);
    expect([calls, existsSync(join(elsewhere, 'mark'))]).toEqual([0, false]);
    server.close();
    rmSync(elsewhere, { recursive: true, force: true });
  });

  it('gives nothing that is not its own to give', async () => {
    const forged = { id: 'f'.repeat(64), kind: 'image', mime: 'image/png', bytes: 1, name: 'x.png' };
    const { execute, told } = await load(
      aPackage('liar', [
        node('forge', `() => ({ image: ${JSON.stringify(forged)} })`),
        node('port', '() => ({ other: 1 })'),
        node(
          'talk',
          `() => { process.send({ type: 'done', value: { outputs: { nowhere: [{ value: 1 }] } } }); return new Promise(() => {}); }`,
        ),
        node('babble', `() => { process.send({ type: 'nonsense' }); return new Promise(() => {}); }`),
        node('fine', '() => ({ told: 1 })'),
      ]),
    );
    await expect(execute('forge')).rejects.toThrow('A confined node gave a file that it neither got nor made.');
    await expect(execute('port')).rejects.toThrow('"other", which is not one of its outputs');
    await expect(execute('talk')).rejects.toThrow('"nowhere", which is not one of its outputs');
    await expect(execute('babble')).rejects.toThrow('said something that is no answer');
    expect(await told('fine')).toBe(1);
  });

  it('that throws, hangs, ends its process or fills its memory harms only itself', async () => {
    const bad = aPackage('bad', [
      node('throw', `() => { throw new Error('no'); }`),
      node('hang', '() => { for (;;); }'),
      node('exit', '() => process.exit(3)'),
      node('fill', '() => { const all = []; for (;;) all.push(new Uint8Array(5e6).fill(1)); }'),
      node('fine', '() => ({ told: 1 })'),
    ]);
    const { execute, told } = await load(bad);
    await expect(execute('throw')).rejects.toThrow('no');
    await expect(execute('exit')).rejects.toThrow(NodeCrashError);
    await expect(execute('fill')).rejects.toThrow(/memory/);
    const stop = new AbortController();
    const hanging = execute('hang', {}, stop.signal);
    expect(await told('fine')).toBe(1);
    stop.abort(new Error('cancelled'));
    await expect(hanging).rejects.toThrow('cancelled');
    expect(await told('fine')).toBe(1);
  });

  it('that cannot be loaded, or wants what it does not get, is listed with the reason, and the others are loaded', async () => {
    const { registry } = await load(
      aPackage('broken', [], { head: `\nthrow new TypeError('no key');` }),
      aPackage('ender', [], { head: 'process.exit(0);' }),
      aPackage('online', [], { permissions: { net: ['api.acme.com'] } }),
      aPackage('pricey', [node('pricey', '() => ({})', 'credits: () => 1e9,')]),
      aPackage('reader', [], { head: `import { readFileSync } from 'node:fs'; readFileSync('/etc/passwd');` }),
      aPackage('good', [node('good', '() => ({ told: 1 })')]),
      join(world.root, 'nowhere'),
    );
    expect(registry.packages().map(({ name, state, error }) => [name, state, error])).toEqual([
      ['broken', 'failed', 'index.js:3: no key'],
      ['ender', 'failed', 'Loading it ended the process (code 0).'],
      [
        'online',
        'failed',
        'It asks to call api.acme.com, which it was not granted. To grant it, add online:api.acme.com to IMAGINARIUM_CONFINED_NET.',
      ],
      ['pricey', 'failed', 'acme.pricey: a confined package cannot compute its price. Give credits as a number.'],
      ['reader', 'failed', expect.stringContaining('Access to this API has been restricted')],
      ['good', 'loaded', undefined],
      [join(world.root, 'nowhere'), 'failed', `There is no package.json in ${join(world.root, 'nowhere')}.`],
    ]);
  });
});
