import type { RunEventBody } from '@imaginarium/protocol';
import type { Limiter } from './limiter.ts';
import type { FindItem } from './pair-items.ts';
import type { ItemScope } from './scope.ts';
import type { FileScope, RunServices } from './services.ts';

/** What a step needs of the run it belongs to. */
export interface StepContext {
  services: RunServices;
  scope: FileScope;
  expressions: ItemScope;
  find: FindItem;
  limiter: Limiter;
  signal: AbortSignal;
  /** Told of progress, retries and logs. */
  tell(event: RunEventBody): void;
}
