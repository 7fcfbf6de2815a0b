import type { ApprovalAnswer } from '@imaginarium/node-sdk';
import { HOOKS_PREFIX, ROLES, type Role, type Wait } from '@imaginarium/protocol';
import type { ListedWait } from '../waits/wait-list.ts';
import { WaitTokens } from '../waits/wait-token.ts';
import type { AppDeps } from './app-deps.ts';
import type { Handlers } from './handler.ts';
import { HttpError, notFound } from './http-error.ts';

/** What runs wait for, and what people say to it. */
export function waitHandlers({
  runWaits,
  queue,
  sessionSecret,
}: Pick<AppDeps, 'runWaits' | 'queue' | 'sessionSecret'>): Pick<Handlers, 'listWaits' | 'answerWait'> {
  const tokens = new WaitTokens(sessionSecret);

  const shownTo = (role: Role, wait: ListedWait): Wait => ({
    ...wait,
    path:
      wait.about.kind === 'callback' && isAtLeast(role, 'editor')
        ? `${HOOKS_PREFIX}/waits/${tokens.of(wait.id)}`
        : null,
    mayAnswer: wait.about.kind === 'approval' && isAtLeast(role, wait.about.role),
  });

  return {
    async listWaits({ stores, principal, query }) {
      const { waits, total } = await stores.waits.list(query);
      return { waits: waits.map((wait) => shownTo(principal.workspace.role, wait)), total };
    },

    async answerWait({ stores, principal, params, body }) {
      const wait = await stores.waits.get(params.id);
      if (!wait) throw over(params.id);
      if (wait.about.kind !== 'approval')
        throw new HttpError('bad-request', `${wait.name} waits for something else than a person's answer.`);
      if (!isAtLeast(principal.workspace.role, wait.about.role))
        throw new HttpError(
          'not-allowed',
          `${wait.name} may be answered by: ${whoMay(wait.about.role)}. Ask one of them.`,
        );
      const value: ApprovalAnswer = { ...body, by: principal.user.name };
      const answered = await runWaits.answer(wait.id, { timeIsUp: false, value: { ...value } });
      if (!answered.taken) throw over(params.id);
      if (answered.queued) await queue.offer(answered.queued);
      return undefined;
    },
  };
}

function isAtLeast(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) <= ROLES.indexOf(needed);
}

function whoMay(role: Role): string {
  return ROLES.slice(0, ROLES.indexOf(role) + 1).join(', ');
}

function over(id: string): HttpError {
  return notFound('open question', id);
}
