import type { FileRef, Graph } from '@imaginarium/protocol';
import { EntitySchema, type EntitySchemaOptions } from 'typeorm';
import type { ColumnTypes } from './column-types.ts';

export interface WorkflowRow {
  id: string;
  workspaceId: string;
  name: string;
  draft: Graph;
  revision: number;
  nodeCount: number;
  cover: FileRef | null;
  latestVersion: number | null;
  createdAt: string;
  updatedAt: string;
  /** Set when the workflow was deleted; its runs and versions stay. */
  deletedAt: string | null;
  /** What the server runs it for, such as `upscale.standard`; null for a workflow that a person made. */
  builtIn: string | null;
}

/** A graph that a version names or a run ran, kept once by the hash of its stable JSON. */
export interface GraphSnapshotRow {
  workspaceId: string;
  hash: string;
  graph: Graph;
  createdAt: string;
}

export interface WorkflowVersionRow {
  workflowId: string;
  version: number;
  workspaceId: string;
  label: string | null;
  graphHash: string;
  createdBy: string;
  createdAt: string;
}

export type ForeignKey = NonNullable<EntitySchemaOptions<object>['foreignKeys']>[number];

export const workspaceKey: ForeignKey = {
  target: 'workspace',
  columnNames: ['workspaceId'],
  referencedColumnNames: ['id'],
};

/** Keys of workflows and graphs carry the workspace, so that the database itself refuses a row that reaches into another one. */
export const workflowKey = {
  target: 'workflow',
  columnNames: ['workspaceId', 'workflowId'],
  referencedColumnNames: ['workspaceId', 'id'],
};
export const graphKey = {
  target: 'graph_snapshot',
  columnNames: ['workspaceId', 'graphHash'],
  referencedColumnNames: ['workspaceId', 'hash'],
};

export function workflowTables({ uuid, text, integer, json, moment }: ColumnTypes) {
  return [
    new EntitySchema<WorkflowRow>({
      name: 'workflow',
      columns: {
        id: { ...uuid, primary: true },
        workspaceId: uuid,
        name: text,
        draft: json,
        revision: integer,
        nodeCount: integer,
        cover: { ...json, nullable: true },
        latestVersion: { ...integer, nullable: true },
        createdAt: moment,
        updatedAt: moment,
        deletedAt: { ...moment, nullable: true },
        builtIn: { ...text, nullable: true },
      },
      uniques: [{ name: 'uq_workflow_in_workspace', columns: ['workspaceId', 'id'] }],
      indices: [
        {
          ...{ name: 'uq_workflow_built_in', columns: ['workspaceId', 'builtIn'], unique: true },
          where: 'built_in IS NOT NULL',
        },
      ],
      foreignKeys: [workspaceKey],
    }),
    new EntitySchema<GraphSnapshotRow>({
      name: 'graph_snapshot',
      columns: {
        workspaceId: { ...uuid, primary: true },
        hash: { ...text, primary: true },
        graph: json,
        createdAt: moment,
      },
      foreignKeys: [workspaceKey],
    }),
    new EntitySchema<WorkflowVersionRow>({
      name: 'workflow_version',
      columns: {
        workflowId: { ...uuid, primary: true },
        version: { ...integer, primary: true },
        workspaceId: uuid,
        label: { ...text, nullable: true },
        graphHash: text,
        createdBy: text,
        createdAt: moment,
      },
      foreignKeys: [workflowKey, graphKey],
    }),
  ];
}
