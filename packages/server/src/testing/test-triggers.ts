import { choice, defineTrigger, json, number, port, text, toggle } from '@imaginarium/node-sdk';
import type { Graph, JsonObject } from '@imaginarium/protocol';

/** Trigger nodes as packages bring them. */
export const testTriggers = [
  defineTrigger({
    type: 'test.hook',
    version: 1,
    trigger: 'webhook',
    title: 'Hook',
    summary: 'Listens to requests.',
    icon: 'webhook',
    outputs: { request: port.json() },
    params: {
      method: choice({ title: 'Method', options: ['POST', 'PUT', 'PATCH', 'GET', 'any'], default: 'POST' }),
      respond: choice({ title: 'Answer', options: ['now', 'end', 'node'], default: 'now' }),
      waitSeconds: number({ title: 'Wait', default: 1, min: 1, max: 300, integer: true }),
      signed: toggle({ title: 'Signed' }),
      sample: json({ title: 'Example', default: {} }),
    },
    execute: ({ params }) => ({ request: params.sample }),
  }),
  defineTrigger({
    type: 'test.clock',
    version: 1,
    trigger: 'schedule',
    title: 'Clock',
    summary: 'Listens to the clock.',
    icon: 'clock',
    outputs: { tick: port.json() },
    params: {
      cron: text({ title: 'Times', default: '0 9 * * *' }),
      timeZone: text({ title: 'Time zone', default: 'UTC' }),
      missed: choice({ title: 'Missed', options: ['skip', 'once'], default: 'skip' }),
      sample: json({ title: 'Example', default: {} }),
    },
    execute: ({ params }) => ({ tick: params.sample }),
  }),
];

/** A graph of trigger nodes, `{ hook: ['test.hook', params] }`. */
export function triggerGraph(nodes: Record<string, [type: string, params?: JsonObject]>): Graph {
  return {
    ...{ schema: 1, edges: [], inputs: [], notes: [], settings: {} },
    nodes: Object.entries(nodes).map(([id, [type, params = {}]]) => ({
      ...{ id, type, version: 1, name: id, params, position: { x: 0, y: 0 } },
    })),
  };
}
