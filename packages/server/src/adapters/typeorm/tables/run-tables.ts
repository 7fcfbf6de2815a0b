import type { StepPart } from '@imaginarium/engine';
import type { Failure, FileRef, JsonObject, Run, RunEvent, RunState, Step } from '@imaginarium/protocol';
import { EntitySchema } from 'typeorm';
import type { ColumnTypes } from './column-types.ts';
import { type ForeignKey, graphKey, workflowKey, workspaceKey } from './workflow-tables.ts';

interface RunTableRow {
  id: string;
  workspaceId: string;
  workflowId: string;
  workflowName: string;
  version: number | null;
  graphHash: string;
  state: RunState;
  trigger: Run['trigger'];
  parent: Run['parent'];
  priority: number;
  inputs: JsonObject;
  createdAt: string;
  createdBy: string;
  notBefore: string | null;
  startedAt: string | null;
  finishedAt: string | null;
  creditsQuoted: number;
  creditsSpent: number;
  error: Failure | null;
  /** The code of `error`, for finding runs by it. */
  errorCode: string | null;
  dismissedAt: string | null;
  cover: FileRef | null;
  lastSeq: number;
  /** Counts the leases given out: only the holder of the last one writes. */
  leaseToken: number;
  leaseUntil: string | null;
  /** Null when its last holder let it go of its own accord. */
  leaseWorker: string | null;
  /** How often it was taken from a worker that died. */
  takeovers: number;
  cancelRequestedAt: string | null;
  idempotencyKey: string | null;
  requestHash: string | null;
}

/** A queued run that no worker has taken: written with the run, gone with its claim. What queues are filled from. */
interface RunOutboxRow {
  /** Age: the order in which runs were accepted. */
  seq: number;
  runId: string;
  workspaceId: string;
  priority: number;
}

/** A queued run whose time has not come: no queue knows of it until it moves to the outbox. */
interface RunDelayedRow {
  runId: string;
  workspaceId: string;
  priority: number;
  dueAt: string;
}

/** What one checkpoint stored: steps that changed, whole, and events `fromSeq` to `toSeq`; both 0 where there are none. */
interface RunJournalRow {
  /** The order in which it was written. */
  id: number;
  runId: string;
  fromSeq: number;
  toSeq: number;
  /** Empty where they are packed. */
  steps: Step[];
  packedSteps: Uint8Array | null;
  events: RunEvent[];
  /** Calls of steps at work; null where there are none. */
  parts: StepPart[] | null;
}

/** How long the steps of a node type took in a workspace: milliseconds for each item, the last ones first. */
interface StepTimeRow {
  workspaceId: string;
  type: string;
  itemMs: number[];
}

export const runKey: ForeignKey = {
  target: 'run',
  columnNames: ['runId'],
  referencedColumnNames: ['id'],
  onDelete: 'CASCADE',
};

export function runTables({ uuid, text, integer, json, moment, bytes }: ColumnTypes) {
  return [
    new EntitySchema<RunTableRow>({
      name: 'run',
      columns: {
        id: { ...uuid, primary: true },
        workspaceId: uuid,
        workflowId: uuid,
        workflowName: text,
        version: { ...integer, nullable: true },
        graphHash: text,
        state: text,
        trigger: text,
        parent: { ...json, nullable: true },
        priority: integer,
        inputs: json,
        createdAt: moment,
        createdBy: text,
        notBefore: { ...moment, nullable: true },
        startedAt: { ...moment, nullable: true },
        finishedAt: { ...moment, nullable: true },
        creditsQuoted: integer,
        creditsSpent: integer,
        error: { ...json, nullable: true },
        errorCode: { ...text, nullable: true },
        dismissedAt: { ...moment, nullable: true },
        cover: { ...json, nullable: true },
        lastSeq: integer,
        leaseToken: integer,
        leaseUntil: { ...moment, nullable: true },
        leaseWorker: { ...text, nullable: true },
        takeovers: { ...integer, default: 0 },
        cancelRequestedAt: { ...moment, nullable: true },
        idempotencyKey: { ...text, nullable: true },
        requestHash: { ...text, nullable: true },
      },
      indices: [
        {
          name: 'uq_run_idempotency',
          columns: ['workspaceId', 'idempotencyKey'],
          unique: true,
          where: 'idempotency_key IS NOT NULL',
        },
        { name: 'ix_run_newest', columns: ['workspaceId', 'createdAt', 'id'] },
        { name: 'ix_run_newest_of_workflow', columns: ['workspaceId', 'workflowId', 'createdAt', 'id'] },
        { name: 'ix_run_newest_by_state', columns: ['workspaceId', 'state', 'createdAt', 'id'] },
        { name: 'ix_run_open_children', columns: ['id'], where: 'parent IS NOT NULL AND finished_at IS NULL' },
        { name: 'ix_run_lapsed', columns: ['leaseUntil'], where: "state = 'running'" },
        {
          name: 'ix_run_failures',
          columns: ['workspaceId', 'createdAt', 'id'],
          where: "state = 'failed' AND dismissed_at IS NULL",
        },
      ],
      foreignKeys: [workflowKey, graphKey],
    }),
    new EntitySchema<RunOutboxRow>({
      name: 'run_outbox',
      columns: {
        seq: { ...integer, primary: true, generated: 'increment' },
        runId: uuid,
        workspaceId: uuid,
        priority: integer,
      },
      uniques: [{ name: 'uq_run_outbox_run', columns: ['runId'] }],
      // One of its columns descends, which schemas cannot say: the migration makes it.
      indices: [{ name: 'ix_run_outbox_turn', columns: ['workspaceId', 'priority', 'seq'], synchronize: false }],
      foreignKeys: [runKey],
    }),
    new EntitySchema<RunDelayedRow>({
      name: 'run_delayed',
      columns: { runId: { ...uuid, primary: true }, workspaceId: uuid, priority: integer, dueAt: moment },
      indices: [{ name: 'ix_run_delayed_due', columns: ['dueAt'] }],
      foreignKeys: [runKey],
    }),
    new EntitySchema<RunJournalRow>({
      name: 'run_journal',
      columns: {
        id: { ...integer, primary: true, generated: 'increment' },
        runId: uuid,
        fromSeq: integer,
        toSeq: integer,
        steps: json,
        packedSteps: { ...bytes, nullable: true },
        events: json,
        parts: { ...json, nullable: true },
      },
      indices: [{ name: 'ix_run_journal_run', columns: ['runId', 'id'] }],
      foreignKeys: [runKey],
    }),
    new EntitySchema<StepTimeRow>({
      name: 'step_time',
      columns: { workspaceId: { ...uuid, primary: true }, type: { ...text, primary: true }, itemMs: json },
      foreignKeys: [workspaceKey],
    }),
  ];
}
