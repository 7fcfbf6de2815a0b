import { TestFiles, TestHttp, testNode } from '@imaginarium/node-sdk/testing';
import { describe, expect, test } from 'vitest';
import { fileNameOf } from './file-name.ts';
import { httpRequest } from './http-request.ts';

const url = 'https://api.example.com/v1/things';
const call = (http: TestHttp, params = {}) =>
  testNode(httpRequest)
    .http(http)
    .params({ url, ...params });
const failing = (status: number, headers = {}) => call(new TestHttp(() => ({ status, headers, body: 'nope' }))).run();

describe('http.request', () => {
  test('sends what its params say, and a key that stays when it is tried again', async () => {
    const http = new TestHttp();
    const body = '{"name":"Blue mug"}';
    await call(http, { method: 'POST', send: 'text', body, headers: { 'X-Key': 'k' }, timeoutSeconds: 5 }).run();
    expect(http.requests).toEqual([
      {
        ...{ url, method: 'POST', body, timeoutMs: 5000 },
        headers: { 'content-type': 'application/json', 'idempotency-key': 'test:node:0', 'X-Key': 'k' },
      },
    ]);
    await expect(call(http, { send: 'text' }).run()).rejects.toThrow('method: GET sends nothing');
  });

  test('gives JSON as JSON, and anything else as text', async () => {
    const json = await call(new TestHttp(() => ({ body: '{"id":7}' })))
      .items([{ fields: { a: 1 } }])
      .run();
    const type = 'application/json';
    expect(json.outputs).toEqual({
      value: [{ value: { id: 7 }, fields: { a: 1, answer: { status: 200, type, url } } }],
      file: [],
    });
    const page = await call(new TestHttp(() => ({ body: '<p>', headers: { 'content-type': 'text/html' } }))).run();
    expect(page.outputs.value?.[0]?.value).toBe('<p>');
    const broken = await call(new TestHttp(() => ({ body: '{"id":' }))).run();
    expect(broken.outputs.value?.[0]?.value).toBe('{"id":');
  });

  test('downloads a file under the name it came with, and sends the file of an item', async () => {
    await using files = new TestFiles();
    const headers = { 'content-disposition': 'attachment; filename="mug.txt"', 'content-type': 'text/plain' };
    const http = new TestHttp(() => ({ body: 'a mug', headers }));
    const item = await files.write(new TextEncoder().encode('hello'), { name: 'hello.txt', mime: 'text/plain' });
    const params = { method: 'PUT', send: 'file', give: 'file' } as const;
    const { outputs } = await call(http, params)
      .files(files)
      .items([{ input: { item } }])
      .run();
    expect(outputs.file?.[0]?.value).toMatchObject({ name: 'mug.txt', bytes: 5 });
    expect(http.requests[0]).toMatchObject({
      body: { path: await files.path(item) },
      headers: { 'content-type': 'text/plain' },
    });
    await expect(call(http, params).run()).rejects.toThrow('expected a file to send');
  });

  test('fails as the status says: for good, to be tried again, or later', async () => {
    await expect(failing(404)).rejects.toMatchObject({
      name: 'NonRetryableError',
      message: 'api.example.com answered 404: nope',
    });
    await expect(failing(500)).rejects.toMatchObject({ name: 'Error' });
    await expect(failing(429)).rejects.toMatchObject({ name: 'RetryLaterError', afterMs: 0 });
    await expect(failing(503, { 'retry-after': '120' })).rejects.toMatchObject({
      name: 'RetryLaterError',
      afterMs: 120_000,
    });
    await expect(failing(429, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() })).rejects.toSatisfy(
      ({ afterMs }: { afterMs: number }) => afterMs > 50_000 && afterMs <= 60_000,
    );
    const taken = await call(new TestHttp(() => ({ status: 404, body: '{}' })), { anyStatus: true }).run();
    expect(taken.outputs.value?.[0]?.fields.answer).toMatchObject({ status: 404 });
  });
});

test('a downloaded file has a name, whatever the service says', () => {
  const name = (path: string, disposition?: string) =>
    fileNameOf({
      url: `https://example.com${path}`,
      headers: disposition === undefined ? {} : { 'content-disposition': disposition },
    });
  expect(name('/a/photo%20one.png?x=1')).toBe('photo one.png');
  expect(name('/%E0%A4%A')).toBe('%E0%A4%A');
  expect(name('/')).toBe('answer');
  expect(name('/x', 'attachment; filename="../../etc/passwd"')).toBe('passwd');
  expect(name('/x', 'attachment; filename=..')).toBe('answer');
});
