import { type Activation, HOOKS_PREFIX, type Trigger } from '@imaginarium/protocol';
import { HookTokens, hashToken, shownKey } from '../triggers/hook-token.ts';
import { type GraphTrigger, readTriggers } from '../triggers/read-triggers.ts';
import { nextTick } from '../triggers/schedule-times.ts';
import type { NewTrigger, StoredTrigger } from '../triggers/trigger-store.ts';
import type { AppDeps } from './app-deps.ts';
import type { Handlers } from './handler.ts';
import { HttpError, notFound } from './http-error.ts';

/** How long a webhook that tries the draft out is open. */
const TEST_MS = 60 * 60 * 1000;

type TriggerRoute = 'getActivation' | 'activate' | 'deactivate' | 'openTestHook';

/** Which version of a workflow listens, and at which addresses. */
export function triggerHandlers({
  catalogue,
  clock,
  sessionSecret,
}: Pick<AppDeps, 'catalogue' | 'clock' | 'sessionSecret'>): Pick<Handlers, TriggerRoute> {
  const tokens = new HookTokens(sessionSecret);

  const shown = (trigger: StoredTrigger, names: ReadonlyMap<string, string>): Trigger => {
    const { node, settings, nextAt } = trigger;
    const token = settings.kind === 'webhook' ? tokens.of(trigger) : undefined;
    const isSigned = settings.kind === 'webhook' && settings.signed;
    return {
      ...{ node, name: names.get(node) ?? node, kind: settings.kind, nextAt },
      path: token === undefined ? null : `${HOOKS_PREFIX}/${token}`,
      secret: token !== undefined && isSigned ? shownKey(tokens.signingKey(token)) : null,
    };
  };

  const activationOf = async (
    { triggers, workflows }: Parameters<Handlers['getActivation']>[0]['stores'],
    workflowId: string,
  ): Promise<Activation | null> => {
    const active = await triggers.active(workflowId);
    const [first] = active;
    if (!first || first.version === null) return null;
    const version = await workflows.getVersion(workflowId, first.version);
    const names = new Map(version?.graph.nodes.map((node) => [node.id, node.name]));
    return {
      ...{ version: first.version, activatedAt: first.createdAt },
      triggers: active.map((trigger) => shown(trigger, names)),
    };
  };

  return {
    async getActivation({ stores, params }) {
      if (!(await stores.workflows.get(params.id))) throw notFound('workflow', params.id);
      return { activation: await activationOf(stores, params.id) };
    },

    async activate({ stores, principal, params, body }) {
      const stored = await stores.workflows.getVersion(params.id, body.version);
      if (!stored) throw notFound('version', `${body.version} of workflow ${params.id}`);
      const now = new Date(clock.now());
      const place = { workspaceId: principal.workspace.id, workflowId: params.id };
      const triggers = readTriggers(stored.graph, catalogue, now).map((trigger) =>
        newTrigger(trigger, tokens.of({ ...place, node: trigger.node.id }), now),
      );
      const activation = { version: body.version, triggers, createdBy: principal.user.id };
      const done = await stores.triggers.activate(params.id, activation);
      const active = done ? await activationOf(stores, params.id) : null;
      if (!active) throw notFound('workflow', params.id);
      return active;
    },

    async deactivate({ stores, params }) {
      if (!(await stores.triggers.deactivate(params.id))) throw notFound('workflow', params.id);
      return undefined;
    },

    async openTestHook({ stores, principal, params, body }) {
      const workflow = await stores.workflows.get(params.id);
      if (!workflow) throw notFound('workflow', params.id);
      const now = new Date(clock.now());
      const trigger = readTriggers(workflow.draft, catalogue, now).find(({ node }) => node.id === body.node);
      if (trigger?.settings.kind !== 'webhook')
        throw new HttpError('bad-request', `node: expected a Webhook of the draft, received "${body.node}"`);
      const token = tokens.fresh();
      const expiresAt = new Date(now.getTime() + TEST_MS).toISOString();
      await stores.triggers.openTest(params.id, {
        ...{ trigger: newTrigger(trigger, token, now), createdBy: principal.user.id, expiresAt },
      });
      const secret = trigger.settings.signed ? shownKey(tokens.signingKey(token)) : null;
      return { path: `${HOOKS_PREFIX}/${token}`, secret, expiresAt };
    },
  };
}

function newTrigger({ node, settings }: GraphTrigger, token: string, now: Date): NewTrigger {
  const common = { node: node.id, settings, tokenHash: null, nextAt: null };
  switch (settings.kind) {
    case 'webhook':
      return { ...common, tokenHash: hashToken(token) };
    case 'schedule':
      return { ...common, nextAt: nextTick(settings, now)?.toISOString() ?? null };
    case 'failure':
      return common;
  }
}
