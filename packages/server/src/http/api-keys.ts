import { newApiKey } from '../accounts/api-key-secret.ts';
import type { AppDeps } from './app-deps.ts';
import type { Handlers } from './handler.ts';
import { notFound } from './http-error.ts';

/** A person's API keys. */
export function apiKeyHandlers({ accounts }: AppDeps): Pick<Handlers, 'listApiKeys' | 'createApiKey' | 'deleteApiKey'> {
  return {
    async listApiKeys({ principal }) {
      return { apiKeys: await accounts.listApiKeys(principal.user.id) };
    },

    async createApiKey({ principal, body }) {
      const { key, prefix, hash } = newApiKey();
      const stored = await accounts.createApiKey(principal.user.id, { name: body.name, prefix, hash });
      return { ...stored, key };
    },

    async deleteApiKey({ principal, params }) {
      const deleted = await accounts.deleteApiKey(principal.user.id, params.id);
      if (!deleted) throw notFound('API key', params.id);
      return undefined;
    },
  };
}
