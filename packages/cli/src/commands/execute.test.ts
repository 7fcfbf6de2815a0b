import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { samplePng } from '@imaginarium/node-sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../testing/run-cli.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imaginarium-cli-'));
  await writeFile(join(folder, 'me.png'), samplePng(120, 90));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const starter = join(import.meta.dirname, '../../../../examples/photo-to-carousel.json');

async function aWorkflow(document: unknown): Promise<string> {
  const path = join(folder, 'a-workflow.json');
  await writeFile(path, typeof document === 'string' ? document : JSON.stringify(document));
  return path;
}

describe('imaginarium execute', () => {
  it('makes a carousel of a photo, and says where it lies', async () => {
    const out = join(folder, 'out');
    const { code, output } = await runCli([
      'execute',
      starter,
      '--input',
      `photo=${join(folder, 'me.png')}`,
      '--out',
      out,
    ]);
    expect(output).toContain('✓ Upscale');
    expect(output).toContain('✓ Carousel');
    expect(output).toMatch(/Saved 1 file in/);
    expect(code).toBe(0);
    expect((await readdir(out, { recursive: true })).some((name) => /slide.*\.(jpg|png)$/.test(name))).toBe(true);
  });

  it('says what it would cost and take without executing anything, for people and as JSON', async () => {
    const out = join(folder, 'out');
    const args = ['execute', starter, '--dry-run', '-i', `photo=${join(folder, 'me.png')}`, '-o', out];
    const { code, output } = await runCli(args);
    expect(output).toMatch(/Carousel +25 {2}1 item/);
    expect(output).toMatch(/25 credits, IDR 2500, about \d+/);
    expect(code).toBe(0);
    const quote = JSON.parse((await runCli([...args, '--json'])).output);
    expect(quote).toMatchObject({ total: 25, currency: 'IDR', amount: 2500, least: 25, most: 25, bundle: null });
    expect(quote.estimateMs).toBeGreaterThan(0);
    expect(quote.items).toContainEqual(
      expect.objectContaining({ node: expect.any(String), name: 'Carousel', credits: 25 }),
    );
    expect(await readdir(out).catch(() => [])).toEqual([]);
  });

  it('says before any work that results cannot be saved', async () => {
    await writeFile(join(folder, 'a-file'), '');
    const out = existsSync('/proc/self') ? '/proc/imaginarium/out' : join(folder, 'a-file/out');
    const { code, output } = await runCli(['execute', starter, '-i', `photo=${join(folder, 'me.png')}`, '-o', out]);
    expect([code, output]).toEqual([2, expect.stringMatching(/^Results cannot be saved in .*Choose another place/)]);
  });

  it('prints events as JSON when asked, numbered without gaps', async () => {
    const { output } = await runCli([
      'execute',
      starter,
      '--json',
      '-i',
      `photo=${join(folder, 'me.png')}`,
      '-o',
      join(folder, 'out'),
    ]);
    const events = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index + 1));
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', state: 'succeeded' });
  });

  it('lets time pass for a workflow that waits, and says who could answer one that asks', async () => {
    const graph = (type: string, params: object) => ({
      schema: 1,
      nodes: [
        { id: 'text', type: 'input.text', version: 1, name: 'Text', params: { text: 'hello' } },
        { id: 'wait', type, version: 1, name: 'Wait', params },
      ],
      edges: [{ id: 'e1', from: { node: 'text', port: 'text' }, to: { node: 'wait', port: 'item' } }],
    });
    const waits = graph('flow.wait', { for: 'duration', amount: 5.5, unit: 'seconds' });
    const { output, code } = await runCli(['execute', await aWorkflow(waits), '--json', '-o', join(folder, 'out')]);
    const types = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).type);
    expect([code, types.filter((type) => /^run|waiting/.test(type))]).toEqual([
      0,
      ['run.started', 'step.waiting', 'run.waiting', 'run.resumed', 'run.finished'],
    ]);
    const asks = await runCli(['execute', await aWorkflow(graph('flow.approve', {})), '-o', join(folder, 'out')]);
    expect([asks.code, asks.output]).toEqual([1, expect.stringContaining('Run the workflow on a server.')]);
  });

  it.each([
    ['a file that is not there', ['nowhere.json'], 'There is no file nowhere.json.'],
    ['an unknown input', [starter, '--input', 'video=x'], '--input video: this workflow asks for photo'],
    [
      'an input that is not there',
      [starter, '--input', 'photo=/nowhere.jpg'],
      '--input photo: there is no file /nowhere.jpg',
    ],
    ['an input without a value', [starter, '--input', 'photo'], 'expected name=value'],
    ['a missing input', [starter], 'Photo needs'],
  ])('refuses %s in a sentence', async (_what, args, message) => {
    const { code, output } = await runCli(['execute', ...args]);
    expect(output).toContain(message);
    expect(output).not.toContain('    at ');
    expect(code).toBe(2);
  });

  it('refuses a broken picture by its name', async () => {
    await writeFile(join(folder, 'half.png'), samplePng(200, 200).subarray(0, 300));
    const { code, output } = await runCli(['execute', starter, '--input', `photo=${join(folder, 'half.png')}`]);
    expect(output).toContain('half.png cannot be read as a picture');
    expect(code).toBe(2);
  });

  it('refuses a workflow that runs in a circle, and one that is not JSON', async () => {
    const node = (id: string) => ({ id, type: 'flow.set-fields', version: 1, name: id });
    const edge = (id: string, from: string, to: string) => ({
      id,
      from: { node: from, port: 'item' },
      to: { node: to, port: 'item' },
    });
    const circle = { schema: 1, nodes: [node('a'), node('b')], edges: [edge('1', 'a', 'b'), edge('2', 'b', 'a')] };
    const first = await runCli(['execute', await aWorkflow(circle)]);
    expect(first).toMatchObject({
      code: 2,
      output: expect.stringContaining('The wires run in a circle through a, b.'),
    });
    const second = await runCli(['execute', await aWorkflow('{ nodes')]);
    expect(second).toMatchObject({ code: 2, output: expect.stringContaining('cannot be read as JSON') });
  });
});
