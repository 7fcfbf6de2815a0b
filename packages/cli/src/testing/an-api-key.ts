/** Sets a new server up, and gives an API key of its owner. */
export async function anApiKey(address: string): Promise<string> {
  const headers = { 'content-type': 'application/json', origin: address };
  const owner = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };
  const setUp = await fetch(`${address}/api/v1/setup`, { method: 'POST', headers, body: JSON.stringify(owner) });
  const cookie = setUp.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const request = { method: 'POST', headers: { ...headers, cookie }, body: JSON.stringify({ name: 'test' }) };
  return ((await (await fetch(`${address}/api/v1/api-keys`, request)).json()) as { key: string }).key;
}
