import { type Route, routes } from '@imaginarium/protocol';
import supertest from 'supertest';
import { afterEach, expect, test } from 'vitest';
import { closeTestApps, testApp } from '../testing/test-app.ts';

afterEach(closeTestApps);

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; required: boolean }[];
  responses: Record<string, unknown>;
  security?: unknown[];
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

async function served(): Promise<Document> {
  const response = await supertest((await testApp()).app).get('/api/v1/openapi.json');
  expect(response.status).toBe(200);
  return response.body;
}

test('describes every route, its parameters, answers and rights', async () => {
  const document = await served();
  expect(document.openapi).toBe('3.1.0');
  for (const [name, route] of Object.entries(routes) as [string, Route][]) {
    const operation = document.paths[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method];
    expect(operation?.operationId).toBe(name);
    const inPath = operation?.parameters
      ?.filter((parameter) => parameter.in === 'path')
      .map(({ name: key }) => `:${key}`);
    expect(inPath ?? []).toEqual(route.path.match(/:\w+/g) ?? []);
    expect(Object.keys(operation?.responses ?? {})[0]).toBe(String(route.status ?? (route.response ? 200 : 204)));
    expect(operation?.security !== undefined).toBe(route.access === 'public');
  }
});

test('refers only to what it holds, under names OpenAPI allows, and to nothing by another way', async () => {
  const document = await served();
  const { schemas } = document.components;
  for (const name of ['Graph', 'NodeDescription', 'Run', 'Step', 'RunEvent', 'Item', 'Error'])
    expect(schemas).toHaveProperty(name);
  for (const name of Object.keys(schemas)) expect(name).toMatch(/^[A-Za-z0-9._-]+$/);
  const text = JSON.stringify(document);
  const refs = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref as string);
  expect(refs.length).toBeGreaterThan(50);
  const lost = refs.filter((ref) => !schemas[ref.replace('#/components/schemas/', '')]);
  expect(lost).toEqual([]);
  expect(text).not.toContain('__shared');
  expect(text).not.toContain('"$id"');
});

test('is read on a page that loads nothing from anywhere else', async () => {
  const { app } = await testApp();
  const page = await supertest(app).get('/api/v1/reference');
  expect(page.status).toBe(200);
  expect(page.text).not.toMatch(/https?:\/\//);
  expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
  for (const [, source] of page.text.matchAll(/<script src="([^"]+)"/g)) {
    const script = await supertest(app).get(`/api/v1/${source}`);
    expect([source, script.status, script.type]).toEqual([source, 200, 'text/javascript']);
  }
});
