import type { AcceptedRun, NodeExecutor, RunProgress, RunStore, RunWaits } from '@imaginarium/engine';
import type { FileOwnership } from '../adapters/disk/disk-step-files.ts';
import type { ReachKillPoint } from './kill-points.ts';

/** The run store, with kill points before and after what it commits. */
export function storeWithKillPoints(store: RunStore, reach: ReachKillPoint): RunStore {
  const reached = (accepted: AcceptedRun) => {
    reach('after-accept-commit');
    if (accepted.lease) reach('dequeue');
    return accepted;
  };
  return wrapped(store, {
    ...progressWithKillPoints(store, reach),
    accept: (...asked) => store.accept(...asked).then(reached),
    begin(...asked) {
      const begun = store.begin?.(...asked);
      return begun && wrapped(begun, { ...progressWithKillPoints(begun, reach), stored: begun.stored.then(reached) });
    },
    claim(...asked) {
      reach('dequeue');
      return store.claim(...asked);
    },
    async requestCancel(runId) {
      const cancelled = await store.requestCancel(runId);
      if (cancelled?.state === 'cancelled') reach('cancelled-before-children');
      return cancelled;
    },
  });
}

function progressWithKillPoints(
  progress: RunProgress,
  reach: ReachKillPoint,
): Pick<RunProgress, 'checkpoint' | 'park' | 'settle'> {
  return {
    async checkpoint(...asked) {
      reach('checkpoint-before');
      await progress.checkpoint(...asked);
      reach('checkpoint-after');
    },
    async park(...rest) {
      reach('park-before');
      const queued = await progress.park(...rest);
      reach('park-after');
      return queued;
    },
    async settle(...end) {
      reach('settle-before');
      await progress.settle(...end);
      reach('settle-after');
    },
  };
}

/** The waits of runs, with kill points before and after an answer is stored. */
export function waitsWithKillPoints(waits: RunWaits, reach: ReachKillPoint): RunWaits {
  return wrapped(waits, {
    async answer(...given) {
      reach('answer-before');
      const answered = await waits.answer(...given);
      reach('answer-after');
      return answered;
    },
  });
}

/** What executes nodes, with kill points before a node begins and after it has done what it does. */
export function executorWithKillPoints(executor: NodeExecutor, reach: ReachKillPoint): NodeExecutor {
  return {
    async execute(...task) {
      reach('step-start');
      const result = await executor.execute(...task);
      reach('effect-done-before-record');
      return result;
    },
  };
}

/** The files of a workspace, with a kill point when bytes lie in their place and nobody owns them yet. */
export function ownershipWithKillPoints(owned: FileOwnership, reach: ReachKillPoint): FileOwnership {
  return wrapped(owned, {
    addMade(...made) {
      reach('output-renamed-before-commit');
      return owned.addMade(...made);
    },
  });
}

/** An object with some methods replaced; the others stay those of the object itself. */
function wrapped<Target extends object>(target: Target, changes: Partial<Target>): Target {
  return new Proxy(target, {
    get(_target, name) {
      if (name in changes) return Reflect.get(changes, name);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
