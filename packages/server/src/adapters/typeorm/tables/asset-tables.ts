import type { Failure, FileRef, RunState, UpscaleTier } from '@imaginarium/protocol';
import { EntitySchema } from 'typeorm';
import type { ColumnTypes } from './column-types.ts';
import { workspaceKey } from './workflow-tables.ts';

interface AssetTableRow {
  id: string;
  workspaceId: string;
  name: string;
  sourceApp: string | null;
  sourceId: string | null;
  original: FileRef | null;
  /** The id of `original`, for the database to hold on to the file. */
  originalId: string | null;
  originalState: 'kept' | 'archived' | 'removed';
  /** Since when it has this original; null for since it was made. */
  originalSince: string | null;
  createdAt: string;
  updatedAt: string;
}

interface AssetVersionTableRow {
  id: string;
  workspaceId: string;
  assetId: string;
  number: number;
  tier: UpscaleTier;
  /** The run that makes it; it may be gone once the version has ended. */
  runId: string;
  /** Which of the pictures of its run it is, counted from 0. */
  place: number;
  /** Which of the pictures of the request it is, of which some may have been refused; counted from 0. */
  item: number;
  /** How it ended; null until then: it is as its run is. */
  state: RunState | null;
  creditsQuoted: number;
  creditsSpent: number;
  /** Milliseconds that its whole run was quoted at. */
  estimateMs: number;
  file: FileRef | null;
  /** The id of `file`, for the database to hold on to the file. */
  fileId: string | null;
  error: Failure | null;
  leftOut: string[];
  /** What its asset had before it brought another original; null where it brought none, and once it has ended. */
  replaced: object | null;
  /** The id of the original among that: while it may be put back, it is not to be removed. */
  replacedId: string | null;
  createdAt: string;
  endedAt: string | null;
}

/** Another application that is told of the end of a version. */
interface WebhookDeliveryRow {
  /** The same for every try: who is told twice knows it by this. */
  id: string;
  workspaceId: string;
  versionId: string;
  url: string;
  /** What is sent, the same at every try; null until the version has ended. */
  body: string | null;
  state: 'waiting' | 'due' | 'sent' | 'dead';
  attempts: number;
  /** When it is tried next; while a server tries, when another one may. */
  nextAt: string | null;
  error: string | null;
}

const fileKey = (column: string) => ({
  ...{ target: 'file', columnNames: ['workspaceId', column], referencedColumnNames: ['workspaceId', 'id'] },
});

export function assetTables({ uuid, text, integer, bigint, json, moment }: ColumnTypes) {
  return [
    new EntitySchema<AssetTableRow>({
      name: 'asset',
      columns: {
        id: { ...uuid, primary: true },
        workspaceId: uuid,
        name: text,
        sourceApp: { ...text, nullable: true },
        sourceId: { ...text, nullable: true },
        original: { ...json, nullable: true },
        originalId: { ...text, nullable: true },
        originalState: { ...text, default: 'kept' },
        originalSince: { ...moment, nullable: true },
        createdAt: moment,
        updatedAt: moment,
      },
      uniques: [{ name: 'uq_asset_in_workspace', columns: ['workspaceId', 'id'] }],
      checks: [
        { name: 'ck_asset_original_state', expression: "original_state IN ('kept', 'archived', 'removed')" },
        { name: 'ck_asset_original', expression: "(original_state = 'kept') = (original_id IS NOT NULL)" },
      ],
      indices: [
        { name: 'ix_asset_newest', columns: ['workspaceId', 'createdAt', 'id'] },
        { name: 'ix_asset_changed', columns: ['workspaceId', 'updatedAt'] },
        { name: 'ix_asset_original', columns: ['workspaceId', 'originalId'] },
        {
          ...{ name: 'uq_asset_source', columns: ['workspaceId', 'sourceApp', 'sourceId'], unique: true },
          where: 'source_id IS NOT NULL',
        },
      ],
      foreignKeys: [workspaceKey, fileKey('originalId')],
    }),
    new EntitySchema<AssetVersionTableRow>({
      name: 'asset_version',
      columns: {
        id: { ...uuid, primary: true },
        workspaceId: uuid,
        assetId: uuid,
        number: integer,
        tier: text,
        runId: uuid,
        place: integer,
        item: integer,
        state: { ...text, nullable: true },
        creditsQuoted: bigint,
        creditsSpent: { ...bigint, default: 0 },
        estimateMs: bigint,
        file: { ...json, nullable: true },
        fileId: { ...text, nullable: true },
        error: { ...json, nullable: true },
        leftOut: json,
        replaced: { ...json, nullable: true },
        replacedId: { ...text, nullable: true },
        createdAt: moment,
        endedAt: { ...moment, nullable: true },
      },
      uniques: [
        { name: 'uq_asset_version_number', columns: ['assetId', 'number'] },
        { name: 'uq_asset_version_run', columns: ['runId', 'place'] },
      ],
      checks: [{ name: 'ck_asset_version_number', expression: 'number > 0' }],
      indices: [
        { name: 'ix_asset_version_file', columns: ['workspaceId', 'fileId'] },
        {
          ...{ name: 'ix_asset_version_replaced', columns: ['workspaceId', 'replacedId'] },
          where: 'replaced_id IS NOT NULL',
        },
        { name: 'ix_asset_version_open', columns: ['createdAt'], where: 'ended_at IS NULL' },
      ],
      foreignKeys: [
        {
          ...{ target: 'asset', columnNames: ['workspaceId', 'assetId'], referencedColumnNames: ['workspaceId', 'id'] },
          onDelete: 'CASCADE',
        },
        fileKey('fileId'),
      ],
    }),
    new EntitySchema<WebhookDeliveryRow>({
      name: 'webhook_delivery',
      columns: {
        id: { ...uuid, primary: true },
        workspaceId: uuid,
        versionId: uuid,
        url: text,
        body: { ...text, nullable: true },
        state: text,
        attempts: { ...integer, default: 0 },
        nextAt: { ...moment, nullable: true },
        error: { ...text, nullable: true },
      },
      uniques: [{ name: 'uq_webhook_delivery_version', columns: ['versionId'] }],
      checks: [{ name: 'ck_webhook_delivery_state', expression: "state IN ('waiting', 'due', 'sent', 'dead')" }],
      indices: [{ name: 'ix_webhook_delivery_due', columns: ['nextAt'], where: "state = 'due'" }],
      foreignKeys: [
        workspaceKey,
        {
          ...{ target: 'asset_version', columnNames: ['versionId'], referencedColumnNames: ['id'] },
          onDelete: 'CASCADE',
        },
      ],
    }),
  ];
}
