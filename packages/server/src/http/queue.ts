import type { Principal } from '../accounts/account-store.ts';
import { queueState } from '../queue/queue-state.ts';
import type { AppDeps } from './app-deps.ts';
import type { Handlers } from './handler.ts';
import { HttpError } from './http-error.ts';

type QueueRoute = 'getQueue' | 'pauseQueue' | 'resumeQueue';

/** The queue of the installation: it is of the server's owner. Whoever owns a workspace may pause that one. */
export function queueHandlers({
  accounts,
  queueStore,
  pauses,
  catalogue,
  clock,
}: Pick<AppDeps, 'accounts' | 'queueStore' | 'pauses' | 'catalogue' | 'clock'>): Pick<Handlers, QueueRoute> {
  const stateFor = async (principal: Principal) => {
    const state = await queueState(queueStore, () => catalogue.packages(), clock.now());
    if (await accounts.isServerOwner(principal.user.id)) return state;
    // Others see their own workspace, and what all share.
    return { ...state, workspaces: state.workspaces.filter(({ id }) => id === principal.workspace.id) };
  };
  const mayChange = async (principal: Principal, workspaceId: string | undefined) => {
    if (workspaceId === principal.workspace.id || (await accounts.isServerOwner(principal.user.id))) return;
    throw new HttpError(
      'not-allowed',
      'Only the owner of the server may pause or resume more than one workspace. Name your own in body.workspaceId.',
    );
  };
  return {
    getQueue: ({ principal }) => stateFor(principal),

    async pauseQueue({ principal, body }) {
      await mayChange(principal, body.workspaceId);
      await queueStore.pause(body.workspaceId ?? null, principal.user.name);
      await pauses.refresh();
      return stateFor(principal);
    },

    async resumeQueue({ principal, body }) {
      await mayChange(principal, body.workspaceId);
      await queueStore.resume(body.workspaceId ?? null);
      await pauses.refresh();
      return stateFor(principal);
    },
  };
}
