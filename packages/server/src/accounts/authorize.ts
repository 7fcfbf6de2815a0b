import type { Role, Route } from '@imaginarium/protocol';
import { HttpError } from '../http/http-error.ts';
import type { Principal } from './account-store.ts';

const RANK: Readonly<Record<Role, number>> = { viewer: 1, editor: 2, admin: 3, owner: 4 };

/**
 * The one place where rights are decided: nobody without a session or key, and only roles that reach up to what is asked.
 * @throws {HttpError} `not-signed-in` or `not-allowed`.
 */
export function authorize(
  principal: Principal | undefined,
  access: Exclude<Route['access'], 'public'>,
): asserts principal is Principal {
  if (!principal)
    throw new HttpError('not-signed-in', 'Sign in, or send an API key as "Authorization: Bearer img_...".');
  const { role } = principal.workspace;
  if (RANK[role] >= RANK[access]) return;
  throw new HttpError('not-allowed', `This needs the role ${access}; yours in ${principal.workspace.name} is ${role}.`);
}
