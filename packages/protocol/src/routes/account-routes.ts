import { z } from 'zod';
import { apiKeySchema, sessionSchema, setupStateSchema } from '../resources.ts';
import type { Route } from '../route.ts';
import { displayName, idParams } from './shared.ts';

const email = z.string().trim().toLowerCase().max(254).pipe(z.email());
const password = z.string().min(10, 'expected at least 10 characters').max(200);

/** People: set-up, sessions and API keys. */
export const accountRoutes = {
  getSetup: {
    method: 'get',
    path: '/setup',
    tag: 'Accounts',
    access: 'public',
    summary: 'Whether the server still waits for its owner',
    response: setupStateSchema,
  },
  setUp: {
    method: 'post',
    path: '/setup',
    tag: 'Accounts',
    access: 'public',
    summary: 'Make the owner, once',
    body: z.strictObject({ name: displayName, email, password, code: z.string().max(64).optional() }),
    response: sessionSchema,
    status: 201,
  },
  signIn: {
    method: 'post',
    path: '/session',
    tag: 'Accounts',
    access: 'public',
    summary: 'Sign in with e-mail and password',
    body: z.strictObject({ email, password: z.string().max(200) }),
    response: sessionSchema,
    status: 201,
  },
  getSession: {
    method: 'get',
    path: '/session',
    tag: 'Accounts',
    access: 'viewer',
    summary: 'Who is signed in',
    response: sessionSchema,
  },
  signOut: { method: 'delete', path: '/session', tag: 'Accounts', access: 'viewer', summary: 'Sign out' },
  listApiKeys: {
    method: 'get',
    path: '/api-keys',
    tag: 'Accounts',
    access: 'viewer',
    summary: 'List your API keys',
    response: z.strictObject({ apiKeys: z.array(apiKeySchema) }),
  },
  createApiKey: {
    method: 'post',
    path: '/api-keys',
    tag: 'Accounts',
    access: 'editor',
    summary: 'Make an API key; it is shown this once',
    body: z.strictObject({ name: displayName }),
    response: apiKeySchema.extend({ key: z.string() }),
    status: 201,
  },
  deleteApiKey: {
    method: 'delete',
    path: '/api-keys/:id',
    tag: 'Accounts',
    access: 'editor',
    summary: 'Revoke an API key',
    params: idParams,
  },
} as const satisfies Record<string, Route>;
