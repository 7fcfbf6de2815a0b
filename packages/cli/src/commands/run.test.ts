import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '@imaginarium/client';
import { samplePng } from '@imaginarium/node-sdk/testing';
import type { Graph, GraphNode, JsonObject } from '@imaginarium/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anApiKey } from '../testing/an-api-key.ts';
import { type CliProcess, printed, runCli, startCli } from '../testing/run-cli.ts';

let folder = '';
let server: CliProcess;
let client: Client;
let env: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imaginarium-run-'));
  server = startCli(['start', '--port', '0', '--data', join(folder, 'data')]);
  const [, address = ''] = await printed(server, /ready at (http:\/\/\S+)/, 60_000);
  const apiKey = await anApiKey(address);
  client = createClient({ baseUrl: address, apiKey });
  env = { IMAGINARIUM_SERVER: address, IMAGINARIUM_API_KEY: apiKey };
}, 90_000);
afterAll(async () => {
  server.child.kill('SIGKILL');
  await server.ended;
  await rm(folder, { recursive: true, force: true });
});

function graphOf(type: string, params: JsonObject, input: string): Graph {
  const node: GraphNode = { id: 'n', type, version: 1, name: 'The node', params, position: { x: 0, y: 0 } };
  const inputs = [{ key: input, to: [{ node: 'n', param: input }] }];
  if (type.startsWith('input.')) return { schema: 1, nodes: [node], edges: [], inputs, notes: [], settings: {} };
  const source: GraphNode = { ...node, id: 's', type: 'input.text', name: 'Text', params: { text: 'a' } };
  const edges = [{ id: 'e', from: { node: 's', port: 'text' }, to: { node: 'n', port: 'item' } }];
  return { schema: 1, nodes: [source, node], edges, inputs, notes: [], settings: {} };
}

async function workflow(type: string, params: JsonObject, input: string): Promise<string> {
  return (await client.call('createWorkflow', { body: { name: 'Trial', graph: graphOf(type, params, input) } })).id;
}

describe('imaginarium run and follow', () => {
  it('show a run of a server to its end, with what it is asked for', { timeout: 60_000 }, async () => {
    const id = await workflow('input.image', {}, 'images');
    await writeFile(join(folder, 'photo.png'), samplePng());
    const { code, output } = await runCli(['run', id, '--input', `images=${join(folder, 'photo.png')}`], env);
    expect([code, output]).toEqual([0, expect.stringMatching(/^Trial: run \S+\n✓ The node {2}1 item/)]);
    const runId = /run (\S+)/.exec(output)?.[1] ?? '';
    const followed = await runCli(['follow', runId, '--json'], env);
    const events = followed.output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; seq: number });
    expect([followed.code, events[0]?.type, events.at(-1)?.type]).toEqual([0, 'run.started', 'run.finished']);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  });

  it('end as the run does: failed, or cancelled after Ctrl+C', { timeout: 60_000 }, async () => {
    const stops = await workflow('flow.stop', { message: 'Too large.' }, 'message');
    expect(await runCli(['run', stops], env)).toEqual({ code: 1, output: expect.stringMatching(/Too large\./) });
    const waits = await workflow('flow.wait', { amount: 1, unit: 'hours' }, 'amount');
    const waiting = startCli(['run', waits], env);
    const [, runId = ''] = await printed(waiting, /run (\S+)[\s\S]*The node waits until .+\.\n {2}The run waits/);
    waiting.child.kill('SIGINT');
    expect([await waiting.ended, waiting.output()]).toEqual([130, expect.stringContaining('Cancelled.')]);
    expect((await client.call('getRun', { params: { id: runId } })).state).toBe('cancelled');
  });

  it('say why a run does not begin, until it does', { timeout: 60_000 }, async () => {
    const id = await workflow('input.text', { text: 'a' }, 'text');
    await client.call('pauseQueue', { body: {} });
    const queued = startCli(['run', id], env);
    await printed(queued, /run \S+\n {2}Ada has paused the queue\.\n/);
    await client.call('resumeQueue', { body: {} });
    expect([await queued.ended, queued.output()]).toEqual([0, expect.stringContaining('✓ The node')]);
    expect(queued.output().split('paused')).toHaveLength(2);
  });

  it('say in a sentence what is missing', { timeout: 60_000 }, async () => {
    const refusal = async (args: string[], settings = env) => {
      const { code, output } = await runCli(args, settings);
      return [code, output.trim()];
    };
    expect(await refusal(['follow', 'x'], {})).toEqual([2, expect.stringContaining('Set IMAGINARIUM_API_KEY')]);
    const nobody = '018f2f65-7a3b-7c4d-8e5f-0123456789ac';
    expect(await refusal(['follow', nobody])).toEqual([2, expect.stringContaining(nobody)]);
    expect(await refusal(['run', nobody], { ...env, IMAGINARIUM_SERVER: 'http://127.0.0.1:9' })).toEqual([
      2,
      expect.stringContaining('No answer from http://127.0.0.1:9'),
    ]);
    const id = await workflow('input.text', { text: 'a' }, 'text');
    expect(await refusal(['run', id, '-i', 'photo=x'])).toEqual([
      2,
      expect.stringContaining('this workflow asks for text'),
    ]);
    expect((await refusal(['run', id, '--run-version', '0']))[0]).toBe(2);
  });
});
