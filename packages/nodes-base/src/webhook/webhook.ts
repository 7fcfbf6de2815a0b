import { choice, defineTrigger, type Json, type JsonObject, json, number, port, toggle } from '@imaginarium/node-sdk';

/** Starts a run for each request to an address of its own. */
export const webhook = defineTrigger({
  type: 'trigger.webhook',
  version: 1,
  trigger: 'webhook',
  title: 'Webhook',
  summary: 'Starts a run when another program calls an address of this server.',
  icon: 'webhook',
  aliases: ['http', 'url', 'callback', 'post', 'request', 'api', 'hook', 'trigger'],
  docs: 'Gives one item: `body`, `query`, `headers` and `method` of the request. When the body is an object, its entries become fields: `{{ item.product }}`. The address comes with making a version active; until then, Try it out gives one that runs the draft. A run that you start yourself gets the example.',
  outputs: { request: port.json() },
  params: {
    method: choice({
      title: 'Method',
      options: ['POST', 'PUT', 'PATCH', 'GET', 'any'],
      default: 'POST',
    }),
    respond: choice({
      title: 'Answer',
      options: [
        { value: 'now', label: 'At once, with the id of the run' },
        { value: 'end', label: 'At the end, with what the last nodes gave' },
        { value: 'node', label: 'By the node Respond' },
      ],
      default: 'now',
    }),
    waitSeconds: number({
      title: 'Wait at most (seconds)',
      help: 'After it the caller gets the id of the run, which goes on.',
      default: 30,
      min: 1,
      max: 300,
      integer: true,
      showWhen: { respond: { not: 'now' } },
    }),
    signed: toggle({
      title: 'Signed requests only',
      help: 'Refuses what is not signed with the key that comes with the address.',
    }),
    sample: json({
      title: 'Example',
      help: 'What a run that you start yourself gets.',
      default: { method: 'POST', headers: {}, query: {}, body: { product: 'Blue mug' } },
    }),
  },
  headline: ['method', 'respond'],
  execute({ params: { sample } }) {
    const fields = isObject(sample) && isObject(sample.body) ? sample.body : {};
    return { request: sample, fields };
  },
});

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
