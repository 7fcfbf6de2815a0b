import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ShownKeys } from './shown-keys.ts';

const keys = new ShownKeys();
const at = (headers: Record<string, string>, address = 'https://api.example.com/v1/things') =>
  keys.digestOf(new URL(address), headers);
const param = (query: string) => at({}, `https://api.example.com/v1?${query}`);

describe('ShownKeys', () => {
  test.each([
    ...['Authorization', 'X-Api-Key', 'Api-Key', 'apikey', 'xi-api-key', 'x-goog-api-key', 'PRIVATE-TOKEN', 'Cookie'],
    ...['Ocp-Apim-Subscription-Key', 'X-Auth-Token', 'X-Shopify-Access-Token', 'x-functions-key', 'X-Client-Secret'],
  ])('tells requests apart by the header %s', (name) => {
    expect(at({ [name]: 'one' })).not.toBe(at({ [name]: 'two' }));
    expect(at({ [name]: 'one' })).not.toBe(at({}));
  });

  test.each(['key', 'api_key', 'apiKey', 'APIKEY', 'access_token', 'token', 'appid', 'X-Amz-Credential', 'password'])(
    'tells requests apart by the parameter %s of the address',
    (name) => {
      expect(param(`${name}=one`)).not.toBe(param(`${name}=two`));
      expect(param(`${name}=one`)).not.toBe(at({}));
    },
  );

  test('takes what differs from request to request for no key', () => {
    const headers = ['Idempotency-Key', 'X-CSRF-Token', 'X-Request-Id', 'Accept', 'Content-Type', 'X-Monkey'];
    expect(headers.map((name) => at({ [name]: 'x' }))).toEqual(headers.map(() => undefined));
    const params = ['page', 'page_token', 'nextToken', 'X-Amz-Signature', 'cacheKey', 'q'];
    expect(params.map((name) => param(`${name}=x`))).toEqual(params.map(() => undefined));
  });

  test('knows the key of a request that is signed anew each time', () => {
    const signed = (id: string, signature: string) =>
      at({
        authorization: `AWS4-HMAC-SHA256 Credential=${id}/20261122/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=${signature}`,
      });
    expect(signed('AKIA1', 'aa')).toBe(signed('AKIA1', 'bb'));
    expect(signed('AKIA1', 'aa')).not.toBe(signed('AKIA2', 'aa'));
    const digest = (user: string, nonce: string) =>
      at({ authorization: `Digest username="${user}", nonce="${nonce}", nc=1` });
    expect(digest('ada', '1')).toBe(digest('ada', '2'));
    expect(digest('ada', '1')).not.toBe(digest('eve', '1'));
    // These only look like parts of one.
    for (const [one, two] of [
      ['Bearer abc==', 'Bearer abd=='],
      ['key=one', 'key=two'],
      ['Hawk id="a"', 'Hawk id="b"'],
    ] as const)
      expect(at({ authorization: one })).not.toBe(at({ authorization: two }));
  });

  test('is the same for the same keys, in whatever order and case of names, and differs when one does', () => {
    const names = fc.uniqueArray(fc.constantFrom('Authorization', 'X-Api-Key', 'Cookie', 'X-Auth-Token', 'Secret'), {
      minLength: 1,
    });
    const value = fc.string({ minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        names,
        fc.array(value, { minLength: 5, maxLength: 5 }),
        value,
        value,
        fc.nat(),
        (named, values, param, id, at_) => {
          const url = new URL('https://api.example.com/');
          url.searchParams.set('api_key', param);
          const shown = named.map((name, index): [string, string] => [name, values[index] ?? '']);
          const told = keys.digestOf(url, Object.fromEntries(shown));
          const turned = shown.toReversed().map(([name, said]) => [name.toUpperCase(), said]);
          const elsewhere = new URL(`https://api.example.com/other/${encodeURIComponent(id)}?q=1`);
          elsewhere.searchParams.append('api_key', param);
          expect(keys.digestOf(elsewhere, { 'idempotency-key': id, ...Object.fromEntries(turned) })).toBe(told);
          const [changed] = shown[at_ % shown.length] ?? [''];
          expect(keys.digestOf(url, { ...Object.fromEntries(shown), [changed]: `${values.join('')}x` })).not.toBe(told);
        },
      ),
    );
  });

  test('gives no key away, and tells another process nothing', () => {
    const secret = { authorization: 'Bearer hunter2' };
    const told = at(secret);
    expect(told).toMatch(/^[\w-]{43}$/);
    expect(new ShownKeys().digestOf(new URL('https://api.example.com/v1/things'), secret)).not.toBe(told);
  });
});
