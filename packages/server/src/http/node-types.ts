import type { AppDeps } from './app-deps.ts';
import type { Handlers } from './handler.ts';

/** The node types that are installed. */
export function nodeTypeHandlers({ catalogue }: AppDeps): Pick<Handlers, 'listNodeTypes'> {
  return {
    listNodeTypes: () => ({ packages: catalogue.packages(), types: catalogue.list() }),
  };
}
