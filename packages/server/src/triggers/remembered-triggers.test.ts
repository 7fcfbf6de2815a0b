import { describe, expect, test } from 'vitest';
import { RememberedTriggers } from './remembered-triggers.ts';
import type { StoredTrigger, TriggerStore } from './trigger-store.ts';

const stored: StoredTrigger = {
  ...{ id: 't', workspaceId: 'w', workflowId: 'f', workflowName: 'Shop', version: 1, node: 'hook' },
  settings: { kind: 'webhook', method: 'POST', respond: 'now', waitSeconds: 1, signed: false },
  ...{ tokenHash: 'hash', nextAt: null, createdBy: 'ada', createdAt: '2026-01-01T00:00:00.000Z' },
};

/** A store that says what it is told to, and counts how often it was asked. */
function storeOf(found: StoredTrigger | undefined) {
  const asked = { times: 0, found, meanwhile: (): void => undefined };
  const store: TriggerStore = {
    async findByToken() {
      asked.times++;
      const answer = asked.found;
      asked.meanwhile();
      return answer;
    },
    due: async () => [],
    advance: async () => false,
  };
  return { asked, remembered: new RememberedTriggers(store) };
}

describe('RememberedTriggers', () => {
  test('asks once for a busy webhook, and again after it has changed', async () => {
    const { asked, remembered } = storeOf(stored);
    expect([await remembered.findByToken('hash'), await remembered.findByToken('hash')]).toEqual([stored, stored]);
    expect(asked.times).toBe(1);
    asked.found = undefined;
    remembered.forget();
    expect(await remembered.findByToken('hash')).toBe(undefined);
  });

  test('remembers neither what is not there, nor what tries a draft out, nor what changed while it was read', async () => {
    for (const found of [undefined, { ...stored, version: null }]) {
      const { asked, remembered } = storeOf(found);
      await remembered.findByToken('hash');
      await remembered.findByToken('hash');
      expect(asked.times).toBe(2);
    }
    const { asked, remembered } = storeOf(stored);
    asked.meanwhile = () => remembered.forget();
    await remembered.findByToken('hash');
    asked.found = undefined;
    expect(await remembered.findByToken('hash')).toBe(undefined);
  });
});
