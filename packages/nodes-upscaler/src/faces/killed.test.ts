import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { installFaces } from '../testing/face-files.ts';
import { markedPicture } from '../testing/marked-picture.ts';

/** How often the process is killed; more for a soak. */
const KILLS = Number(process.env.IMAGINARIUM_TEST_KILLS ?? 3);

const PROCESS = fileURLToPath(new URL('../testing/upscale-process.ts', import.meta.url));

it(`goes on with an upscale whose process was killed ${KILLS} times while it restored faces, to the very same picture`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'imaginarium-killed-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const models = await installFaces({ restorer: 'slow' });
  const photo = join(folder, 'photo.png');
  const marks = [64, 176, 288].map((x) => ({ x, y: 64, side: 16 }) as const);
  await writeFile(photo, await markedPicture(352, 144, marks));
  const result = join(folder, 'result.png');

  const start = (lasting: string) =>
    spawn(process.execPath, ['--conditions=@imaginarium/source', PROCESS, lasting, models, photo, result], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  const ended = async (child: ChildProcess) => (await once(child, 'exit')) as [number | null, string | null];
  const made = async () => [await readFile(result, 'base64'), await readFile(`${result}.json`, 'utf8')];

  const whole = await mkdtemp(join(folder, 'lasting-'));
  const started = performance.now();
  expect(await ended(start(whole))).toEqual([0, null]);
  const tookMs = performance.now() - started;
  const expected = await made();
  expect(expected[1]).toContain('3 faces of 3 restored by slow.');

  let kills = 0;
  /** What lay in the folder when the process died: how far it was. */
  const left = new Set<number>();
  while (kills < KILLS) {
    const lasting = await mkdtemp(join(folder, 'lasting-'));
    for (let code: number | null = null; code !== 0; ) {
      const child = start(lasting);
      const timer = kills < KILLS ? setTimeout(() => child.kill('SIGKILL'), tookMs * Math.random()) : undefined;
      const [ending, signal] = await ended(child);
      clearTimeout(timer);
      code = ending;
      if (signal !== 'SIGKILL') expect(code).toBe(0);
      else {
        kills++;
        left.add((await readdir(lasting)).filter((name) => name.endsWith('.rgb')).length);
      }
    }
    expect(await made()).toEqual(expected);
  }
  if (KILLS >= 50) expect([...left].toSorted()).toEqual([0, 1, 2, 3]);
}, 1_800_000);
