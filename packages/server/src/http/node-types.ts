import { UpgradeRefusedError } from '@imaginarium/engine';
import type { AppDeps } from './app-deps.ts';
import type { Handlers } from './handler.ts';

/** The node types that are installed, and the way from an older version of one to its newest. */
export function nodeTypeHandlers({ catalogue }: AppDeps): Pick<Handlers, 'listNodeTypes' | 'upgradeNodes'> {
  return {
    listNodeTypes: () => ({ packages: catalogue.packages(), types: catalogue.list() }),

    upgradeNodes({ body }) {
      const upgrades: { id: string; version: number; params: (typeof body.nodes)[number]['params'] }[] = [];
      const refused: { id: string; message: string }[] = [];
      for (const { id, ...node } of body.nodes) {
        try {
          upgrades.push({ id, ...catalogue.upgrade(node) });
        } catch (error) {
          if (!(error instanceof UpgradeRefusedError)) throw error;
          refused.push({ id, message: error.message });
        }
      }
      return { upgrades, refused };
    },
  };
}
