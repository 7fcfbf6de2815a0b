import { EntitySchema } from 'typeorm';
import type { TriggerSettings } from '../../../triggers/trigger-settings.ts';
import type { ColumnTypes } from './column-types.ts';
import { workflowKey } from './workflow-tables.ts';

interface WorkflowTriggerRow {
  id: string;
  workspaceId: string;
  workflowId: string;
  /** Null for a webhook that tries the draft out. */
  version: number | null;
  node: string;
  settings: TriggerSettings;
  tokenHash: string | null;
  nextAt: string | null;
  /** Null for those of an active version. */
  expiresAt: string | null;
  createdBy: string;
  createdAt: string;
}

export function triggerTables({ uuid, text, integer, json, moment }: ColumnTypes) {
  return [
    new EntitySchema<WorkflowTriggerRow>({
      name: 'workflow_trigger',
      columns: {
        id: { ...uuid, primary: true },
        workspaceId: uuid,
        workflowId: uuid,
        version: { ...integer, nullable: true },
        node: text,
        settings: json,
        tokenHash: { ...text, nullable: true },
        nextAt: { ...moment, nullable: true },
        expiresAt: { ...moment, nullable: true },
        createdBy: text,
        createdAt: moment,
      },
      uniques: [{ name: 'uq_workflow_trigger_token', columns: ['tokenHash'] }],
      indices: [
        { name: 'ix_workflow_trigger_of_workflow', columns: ['workspaceId', 'workflowId'] },
        { name: 'ix_workflow_trigger_due', columns: ['nextAt'], where: 'next_at IS NOT NULL' },
      ],
      foreignKeys: [workflowKey],
    }),
  ];
}
