import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, key, migrationTypes, optional, pointsTo } from './table-builder.ts';

const inWorkspace = pointsTo('workspace', 'workspace_id');
const ofWorkflow = pointsTo('workflow', ['workspace_id', 'workflow_id'], { to: ['workspace_id', 'id'] });
const ofGraph = pointsTo('graph_snapshot', ['workspace_id', 'graph_hash'], { to: ['workspace_id', 'hash'] });
const ofRun = pointsTo('run', 'run_id', { onDelete: 'CASCADE' });
const ofUser = pointsTo('user_account', 'user_id', { onDelete: 'CASCADE' });

/** Accounts, workflows, runs, files and the step cache. */
export class FirstTables1795219200000 implements MigrationInterface {
  readonly name = 'FirstTables1795219200000';

  async up(runner: QueryRunner): Promise<void> {
    await createAccounts(runner);
    await createWorkflows(runner);
    await createRuns(runner);
    await createFiles(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await runner.dropTable(table);
  }
}

const TABLES = [
  ...['user_account', 'workspace', 'membership', 'server_owner', 'session', 'api_key'],
  ...['workflow', 'graph_snapshot', 'workflow_version'],
  ...['run', 'run_outbox', 'step', 'run_event_chunk'],
  ...['file', 'step_cache'],
];

async function createAccounts(runner: QueryRunner): Promise<void> {
  const { uuid, text, integer, json, moment } = migrationTypes(runner);
  await createTable(
    runner,
    'user_account',
    { id: key(uuid), name: text, email: text, password_hash: text, created_at: moment },
    { uniques: [{ name: 'uq_user_account_email', columnNames: ['email'] }] },
  );
  await createTable(runner, 'workspace', { id: key(uuid), name: text, created_at: moment });
  await createTable(
    runner,
    'membership',
    { workspace_id: key(uuid), user_id: key(uuid), role: text, created_at: moment },
    {
      indices: [{ name: 'ix_membership_user', columnNames: ['user_id'] }],
      foreignKeys: [pointsTo('workspace', 'workspace_id', { onDelete: 'CASCADE' }), ofUser],
    },
  );
  await createTable(
    runner,
    'server_owner',
    { id: key(integer), user_id: optional(uuid), created_at: moment },
    {
      checks: [{ name: 'ck_server_owner_single', expression: 'id = 1' }],
      foreignKeys: [pointsTo('user_account', 'user_id', { onDelete: 'RESTRICT' })],
    },
  );
  await createTable(
    runner,
    'session',
    { id_hash: key(text), user_id: optional(uuid), data: json, expires_at: moment },
    {
      indices: [
        { name: 'ix_session_user', columnNames: ['user_id'] },
        { name: 'ix_session_expiry', columnNames: ['expires_at'] },
      ],
      foreignKeys: [ofUser],
    },
  );
  await createTable(
    runner,
    'api_key',
    {
      ...{ id: key(uuid), user_id: uuid, name: text, prefix: text, hash: text },
      ...{ created_at: moment, last_used_at: optional(moment) },
    },
    {
      uniques: [{ name: 'uq_api_key_hash', columnNames: ['hash'] }],
      indices: [{ name: 'ix_api_key_user', columnNames: ['user_id'] }],
      foreignKeys: [ofUser],
    },
  );
}

async function createWorkflows(runner: QueryRunner): Promise<void> {
  const { uuid, text, integer, json, moment } = migrationTypes(runner);
  await createTable(
    runner,
    'workflow',
    {
      ...{ id: key(uuid), workspace_id: uuid, name: text, draft: json, revision: integer, node_count: integer },
      ...{ cover: optional(json), latest_version: optional(integer) },
      ...{ created_at: moment, updated_at: moment, deleted_at: optional(moment) },
    },
    {
      uniques: [{ name: 'uq_workflow_in_workspace', columnNames: ['workspace_id', 'id'] }],
      foreignKeys: [inWorkspace],
    },
  );
  await createTable(
    runner,
    'graph_snapshot',
    { workspace_id: key(uuid), hash: key(text), graph: json, created_at: moment },
    { foreignKeys: [inWorkspace] },
  );
  await createTable(
    runner,
    'workflow_version',
    {
      ...{ workflow_id: key(uuid), version: key(integer), workspace_id: uuid, label: optional(text) },
      ...{ graph_hash: text, created_by: text, created_at: moment },
    },
    { foreignKeys: [ofWorkflow, ofGraph] },
  );
}

async function createRuns(runner: QueryRunner): Promise<void> {
  const { uuid, text, integer, json, moment } = migrationTypes(runner);
  await createTable(
    runner,
    'run',
    {
      ...{ id: key(uuid), workspace_id: uuid, workflow_id: uuid, workflow_name: text, version: optional(integer) },
      ...{ graph_hash: text, state: text, trigger: text, priority: integer, inputs: json },
      ...{ created_at: moment, created_by: text, started_at: optional(moment), finished_at: optional(moment) },
      ...{ credits_quoted: integer, credits_spent: integer, error: optional(json), cover: optional(json) },
      ...{ last_seq: integer, lease_token: integer, lease_until: optional(moment), lease_worker: optional(text) },
      ...{ cancel_requested_at: optional(moment), idempotency_key: optional(text), request_hash: optional(text) },
    },
    {
      indices: [
        {
          name: 'uq_run_idempotency',
          columnNames: ['workspace_id', 'idempotency_key'],
          isUnique: true,
          where: 'idempotency_key IS NOT NULL',
        },
        { name: 'ix_run_newest', columnNames: ['workspace_id', 'created_at', 'id'] },
        { name: 'ix_run_newest_of_workflow', columnNames: ['workspace_id', 'workflow_id', 'created_at', 'id'] },
        { name: 'ix_run_newest_by_state', columnNames: ['workspace_id', 'state', 'created_at', 'id'] },
        { name: 'ix_run_lapsed', columnNames: ['lease_until'], where: "state = 'running'" },
      ],
      foreignKeys: [ofWorkflow, ofGraph],
    },
  );
  await createTable(
    runner,
    'run_outbox',
    {
      seq: { ...key(integer), isGenerated: true, generationStrategy: 'increment' },
      ...{ run_id: uuid, workspace_id: uuid, priority: integer },
    },
    { uniques: [{ name: 'uq_run_outbox_run', columnNames: ['run_id'] }], foreignKeys: [ofRun] },
  );
  await runner.query('CREATE INDEX ix_run_outbox_order ON run_outbox (priority DESC, seq)');
  await createTable(
    runner,
    'step',
    {
      ...{ run_id: key(uuid), node: key(text), workspace_id: uuid, name: text, type: text, state: text },
      ...{ attempts: integer, started_at: optional(moment), finished_at: optional(moment) },
      ...{ items_in: integer, items_failed: integer, outputs: json, credits: integer },
      ...{ error: optional(json), reason: optional(text) },
    },
    {
      indices: [
        {
          name: 'ix_step_measured',
          columnNames: ['workspace_id', 'type', 'finished_at'],
          where: "state = 'succeeded'",
        },
      ],
      foreignKeys: [ofRun],
    },
  );
  await createTable(
    runner,
    'run_event_chunk',
    { run_id: key(uuid), from_seq: key(integer), to_seq: integer, events: json },
    { foreignKeys: [ofRun] },
  );
}

async function createFiles(runner: QueryRunner): Promise<void> {
  const { uuid, text, json, moment } = migrationTypes(runner);
  await createTable(
    runner,
    'file',
    { workspace_id: key(uuid), id: key(text), ref: json, created_at: moment },
    {
      indices: [{ name: 'ix_file_newest', columnNames: ['workspace_id', 'created_at', 'id'] }],
      foreignKeys: [inWorkspace],
    },
  );
  await createTable(
    runner,
    'step_cache',
    { workspace_id: key(uuid), key: key(text), outputs: json, created_at: moment, used_at: moment },
    {
      indices: [{ name: 'ix_step_cache_used', columnNames: ['workspace_id', 'used_at'] }],
      foreignKeys: [inWorkspace],
    },
  );
}
