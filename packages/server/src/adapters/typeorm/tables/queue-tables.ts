import type { NodePackage, PoolLoad } from '@imaginarium/protocol';
import { EntitySchema } from 'typeorm';
import type { ColumnTypes } from './column-types.ts';

/** While it is there, no run begins in its scope: `all`, or the id of a workspace. */
interface QueuePauseRow {
  scope: string;
  pausedAt: string;
  pausedBy: string;
}

/** A process that executes runs, as it last told of itself. */
interface WorkerRow {
  id: string;
  host: string;
  version: string;
  startedAt: string;
  seenAt: string;
  concurrency: number;
  running: number;
  packages: Pick<NodePackage, 'name' | 'version' | 'types'>[];
  pools: PoolLoad[];
}

export function queueTables({ text, integer, json, moment }: ColumnTypes) {
  return [
    new EntitySchema<QueuePauseRow>({
      name: 'queue_pause',
      columns: { scope: { ...text, primary: true }, pausedAt: moment, pausedBy: text },
    }),
    new EntitySchema<WorkerRow>({
      name: 'worker',
      columns: {
        ...{ id: { ...text, primary: true }, host: text, version: text, startedAt: moment, seenAt: moment },
        ...{ concurrency: integer, running: integer, packages: json, pools: json },
      },
    }),
  ];
}
