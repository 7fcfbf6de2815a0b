import type { DoneCall } from '@imaginarium/engine';
import type { Resumed } from '@imaginarium/node-sdk';
import type { WaitAbout, WaitKind } from '@imaginarium/protocol';
import { EntitySchema } from 'typeorm';
import type { ColumnTypes } from './column-types.ts';
import { runKey } from './run-tables.ts';

/** What a run that waits, or did, needs to go on, but for its waits: they are answered one by one. */
export interface ParkMemo {
  resting: boolean;
  workedMs: number;
  steps: { node: string; iteration: string; attempts: number; done: DoneCall[] }[];
}

interface RunParkRow {
  runId: string;
  memo: ParkMemo;
}

interface RunWaitTableRow {
  id: string;
  runId: string;
  workspaceId: string;
  node: string;
  /** Empty outside of loops. */
  iteration: string;
  call: number;
  kind: WaitKind;
  about: WaitAbout;
  /** The run it waits for. */
  childRunId: string | null;
  since: string;
  dueAt: string | null;
  answer: Resumed | null;
  cameBefore: Resumed | null;
}

/** A failed run whose failure has still to be told to those who listen for it. */
interface RunFailedRow {
  seq: number;
  runId: string;
}

export function waitTables({ uuid, text, integer, json, moment }: ColumnTypes) {
  return [
    new EntitySchema<RunParkRow>({
      name: 'run_park',
      columns: { runId: { ...uuid, primary: true }, memo: json },
      foreignKeys: [runKey],
    }),
    new EntitySchema<RunWaitTableRow>({
      name: 'run_wait',
      columns: {
        id: { ...uuid, primary: true },
        runId: uuid,
        workspaceId: uuid,
        node: text,
        iteration: text,
        call: integer,
        kind: text,
        about: json,
        childRunId: { ...uuid, nullable: true },
        since: moment,
        dueAt: { ...moment, nullable: true },
        answer: { ...json, nullable: true },
        cameBefore: { ...json, nullable: true },
      },
      indices: [
        { name: 'ix_run_wait_of_run', columns: ['runId'] },
        { name: 'ix_run_wait_due', columns: ['dueAt'], where: 'answer IS NULL AND due_at IS NOT NULL' },
        { name: 'ix_run_wait_child', columns: ['childRunId'], where: 'child_run_id IS NOT NULL' },
        { name: 'ix_run_wait_oldest', columns: ['workspaceId', 'kind', 'since'], where: 'answer IS NULL' },
      ],
      foreignKeys: [runKey],
    }),
    new EntitySchema<RunFailedRow>({
      name: 'run_failed',
      columns: { seq: { ...integer, primary: true, generated: 'increment' }, runId: uuid },
      uniques: [{ name: 'uq_run_failed_run', columns: ['runId'] }],
      foreignKeys: [runKey],
    }),
  ];
}
