import { join } from 'node:path';
import {
  choice,
  defineNode,
  expectOk,
  type HttpAnswer,
  isFileRef,
  type Json,
  keyValue,
  NonRetryableError,
  number,
  port,
  text,
  toggle,
} from '@imaginarium/node-sdk';
import { fileNameOf } from './file-name.ts';

/** Calls a service over HTTP, for each item. */
export const httpRequest = defineNode({
  type: 'http.request',
  version: 1,
  title: 'HTTP request',
  summary: 'Calls a service, and gives what it answers as a value or as a file.',
  group: 'messaging',
  icon: 'globe',
  aliases: ['api', 'rest', 'fetch', 'curl', 'url', 'download', 'post', 'get', 'webhook', 'call'],
  docs: 'Adds the field `answer` with `status`, `type` and `url`. An answer that is no success fails the item; the policy of the node says what then: try again, go on without it, or by the error port. 429 and 503 are tried again when the service says so. Addresses of private networks are refused unless the owner of the server allows them. Headers are stored with the workflow as you write them.',
  inputs: { item: port.any({ optional: true }) },
  outputs: { value: port.json(), file: port.any() },
  params: {
    method: choice({ title: 'Method', options: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'], default: 'GET' }),
    url: text({
      title: 'Address',
      placeholder: 'https://api.example.com/v1/things',
      help: 'May hold expressions, such as {{ item.id }}.',
      required: true,
      maxLength: 8000,
    }),
    headers: keyValue({ title: 'Headers' }),
    send: choice({
      title: 'Send',
      options: [
        { value: 'nothing', label: 'Nothing' },
        { value: 'text', label: 'Text or JSON' },
        { value: 'file', label: 'The file of the item' },
      ],
      default: 'nothing',
    }),
    body: text({ title: 'Body', multiline: true, showWhen: { send: 'text' } }),
    give: choice({
      title: 'Give the answer as',
      options: [
        { value: 'value', label: 'A value: JSON or text' },
        { value: 'file', label: 'A file' },
      ],
      default: 'value',
    }),
    anyStatus: toggle({
      title: 'Take every answer',
      help: 'An answer that is no success fails nothing: look at item.answer.status.',
      advanced: true,
    }),
    timeoutSeconds: number({
      title: 'Wait at most (seconds)',
      default: 60,
      min: 1,
      max: 3600,
      integer: true,
      advanced: true,
    }),
  },
  effects: 'once',
  headline: ['method', 'url'],
  typicalMs: 500,
  async execute({ input: { item }, params, fields, files, http, signal, idempotencyKey }) {
    signal.throwIfAborted();
    const { method, url, give, timeoutSeconds } = params;
    const body = await bodyFor(params, item, files);
    const saveTo = give === 'file' ? join(await files.folder(), 'answer') : undefined;
    const answer = await http.fetch(url, {
      ...{ method, timeoutMs: timeoutSeconds * 1000 },
      headers: headersFor(params, item, idempotencyKey),
      ...(body === undefined ? {} : { body }),
      ...(saveTo === undefined ? {} : { saveTo }),
    });
    if (!params.anyStatus) expectOk(answer);
    const type = answer.headers['content-type'] ?? '';
    const told = { ...fields, answer: { status: answer.status, type, url: answer.url } };
    if (saveTo === undefined) return { value: valueIn(answer), file: undefined, fields: told };
    return { value: undefined, file: await files.adopt(saveTo, { name: fileNameOf(answer) }), fields: told };
  },
});

type Sent = {
  send: 'nothing' | 'text' | 'file';
  body: string;
  method: string;
  headers: Readonly<Record<string, string>>;
};

async function bodyFor({ send, body, method }: Sent, item: unknown, files: { path(file: never): Promise<string> }) {
  if (send === 'nothing') return undefined;
  if (method === 'GET' || method === 'HEAD')
    throw new NonRetryableError(`method: ${method} sends nothing. Choose POST or PUT, or send nothing.`);
  if (send === 'text') return body;
  if (!isFileRef(item)) throw new NonRetryableError('item: expected a file to send. Wire in a port that gives one.');
  return { path: await files.path(item as never) }; // It is a reference: just looked.
}

function headersFor({ send, body, headers }: Sent, item: unknown, idempotencyKey: string): Record<string, string> {
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const type = send === 'file' && isFileRef(item) ? item.mime : send === 'text' ? typeOf(body) : undefined;
  return {
    ...(type === undefined || names.has('content-type') ? {} : { 'content-type': type }),
    ...(names.has('idempotency-key') ? {} : { 'idempotency-key': idempotencyKey }),
    ...headers,
  };
}

function typeOf(body: string): string {
  return readJson(body) === undefined ? 'text/plain; charset=utf-8' : 'application/json';
}

/** JSON where the service says so and it is, else text. */
function valueIn({ body, headers }: HttpAnswer): Json {
  const said = new TextDecoder().decode(body);
  const isJson = /[/+]json\b/i.test(headers['content-type'] ?? '');
  return (isJson ? readJson(said) : undefined) ?? said;
}

function readJson(said: string): Json | undefined {
  try {
    return JSON.parse(said) as Json;
  } catch {
    return undefined;
  }
}
