import type { CachedStep, StepTrace } from '@imaginarium/engine';
import type { FileRef } from '@imaginarium/protocol';
import { EntitySchema } from 'typeorm';
import type { ColumnTypes } from './column-types.ts';
import { runKey } from './run-tables.ts';

export interface FileRow {
  workspaceId: string;
  /** SHA-256 of the bytes, in hex. */
  id: string;
  ref: FileRef;
  createdAt: string;
  /** 1 where a run made it and nobody uploaded the same, or an asset let go of it: then it goes with the last run or asset that names it. */
  madeByRun: number;
}

/** A run names a file, in its inputs, in a step, or as its own work. */
export interface FileUseRow {
  workspaceId: string;
  fileId: string;
  runId: string;
}

/** A file that is read where it lies: whoever owns a file of this id may see it. */
export interface FileInPlaceRow {
  path: string;
  fileId: string;
  ref: FileRef;
  /** When it was last written as it was registered, in nanoseconds since 1970: a number that no column of numbers holds. */
  writtenNs: string;
  registeredAt: string;
}

export interface StepCacheRow {
  workspaceId: string;
  key: string;
  outputs: CachedStep['outputs'];
  createdAt: string;
  /** When it last answered, to within an hour. */
  usedAt: string;
}

/** What the step of a node depended on when its result was last kept. */
export interface StepTraceRow {
  workspaceId: string;
  workflowId: string;
  node: string;
  trace: StepTrace;
  updatedAt: string;
}

const workspaceKey = { target: 'workspace', columnNames: ['workspaceId'], referencedColumnNames: ['id'] };

export function fileTables({ uuid, text, integer, json, moment }: ColumnTypes) {
  return [
    new EntitySchema<FileRow>({
      name: 'file',
      columns: {
        workspaceId: { ...uuid, primary: true },
        id: { ...text, primary: true },
        ref: json,
        createdAt: moment,
        madeByRun: { ...integer, default: 0 },
      },
      indices: [
        { name: 'ix_file_newest', columns: ['workspaceId', 'createdAt', 'id'] },
        { name: 'ix_file_id', columns: ['id'] },
      ],
      foreignKeys: [workspaceKey],
    }),
    new EntitySchema<FileUseRow>({
      name: 'file_use',
      columns: {
        workspaceId: { ...uuid, primary: true },
        fileId: { ...text, primary: true },
        runId: { ...uuid, primary: true },
      },
      indices: [{ name: 'ix_file_use_run', columns: ['runId'] }],
      foreignKeys: [
        { target: 'file', columnNames: ['workspaceId', 'fileId'], referencedColumnNames: ['workspaceId', 'id'] },
        runKey,
      ],
    }),
    new EntitySchema<FileInPlaceRow>({
      name: 'file_in_place',
      columns: {
        path: { ...text, primary: true },
        fileId: text,
        ref: json,
        writtenNs: text,
        registeredAt: moment,
      },
      indices: [{ name: 'ix_file_in_place_file', columns: ['fileId', 'registeredAt'] }],
    }),
    new EntitySchema<StepCacheRow>({
      name: 'step_cache',
      columns: {
        workspaceId: { ...uuid, primary: true },
        key: { ...text, primary: true },
        outputs: json,
        createdAt: moment,
        usedAt: moment,
      },
      indices: [{ name: 'ix_step_cache_used', columns: ['workspaceId', 'usedAt'] }],
      foreignKeys: [workspaceKey],
    }),
    new EntitySchema<StepTraceRow>({
      name: 'step_trace',
      columns: {
        workspaceId: { ...uuid, primary: true },
        workflowId: { ...uuid, primary: true },
        node: { ...text, primary: true },
        trace: json,
        updatedAt: moment,
      },
      foreignKeys: [workspaceKey],
    }),
  ];
}
