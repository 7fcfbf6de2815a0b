import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, key, migrationTypes, optional, pointsTo } from './table-builder.ts';

const ofRun = pointsTo('run', 'run_id', { onDelete: 'CASCADE' });

/**
 * What happens in a run becomes one row a checkpoint, with the steps that changed and the events, in the place of a row a step. How
 * long steps took, which quotes look back on, has a small table of its own.
 */
export class RunJournal1795651200000 implements MigrationInterface {
  readonly name = 'RunJournal1795651200000';

  async up(runner: QueryRunner): Promise<void> {
    const { uuid, text, integer, json } = migrationTypes(runner);
    await createTable(
      runner,
      'run_journal',
      {
        id: { ...key(integer), isGenerated: true, generationStrategy: 'increment' },
        ...{ run_id: uuid, from_seq: integer, to_seq: integer, steps: json, events: json },
      },
      { indices: [{ name: 'ix_run_journal_run', columnNames: ['run_id', 'id'] }], foreignKeys: [ofRun] },
    );
    await createTable(
      runner,
      'step_time',
      { workspace_id: key(uuid), type: key(text), item_ms: json },
      { foreignKeys: [pointsTo('workspace', 'workspace_id')] },
    );
    await carryOver(runner);
    await runner.dropTable('run_event_chunk');
    await runner.dropTable('step');
  }

  /** Makes the tables that were there before. What runs recorded stays behind: no command undoes a change of the tables. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('step_time');
    await runner.dropTable('run_journal');
    await createStepTables(runner);
  }
}

/** Steps as one row a run, then the events as they were grouped; and the last times of each node type. */
async function carryOver(runner: QueryRunner): Promise<void> {
  const dialect = runner.dataSource.options.type === 'postgres' ? POSTGRES : SQLITE;
  const { object, list, none, json, moment, milliseconds } = dialect;
  await runner.query(`
    INSERT INTO run_journal (run_id, from_seq, to_seq, steps, events)
    SELECT run_id, 0, 0, ${list(`${object}(
      'node', node, 'name', name, 'type', type, 'state', state, 'attempts', attempts,
      'startedAt', ${moment('started_at')}, 'finishedAt', ${moment('finished_at')},
      'itemsIn', items_in, 'itemsFailed', items_failed, 'outputs', ${json('outputs')},
      'credits', credits, 'error', ${json('error')}, 'reason', reason)`)}, ${none}
    FROM step GROUP BY run_id`);
  await runner.query(`
    INSERT INTO run_journal (run_id, from_seq, to_seq, steps, events)
    SELECT run_id, from_seq, to_seq, ${none}, events FROM run_event_chunk ORDER BY run_id, from_seq`);
  await runner.query(`
    INSERT INTO step_time (workspace_id, type, item_ms)
    SELECT workspace_id, type, ${list('ms')} FROM (
      SELECT workspace_id, type, ${milliseconds} / CASE WHEN items_in > 1 THEN items_in ELSE 1 END AS ms,
        ROW_NUMBER() OVER (PARTITION BY workspace_id, type ORDER BY finished_at DESC) AS place
      FROM step WHERE state = 'succeeded' AND started_at IS NOT NULL AND finished_at IS NOT NULL
    ) AS latest WHERE place <= 20 GROUP BY workspace_id, type`);
}

const SQLITE = {
  object: 'json_object',
  list: (value: string) => `json_group_array(${value})`,
  none: "'[]'",
  json: (column: string) => `json(${column})`,
  moment: (column: string) => column,
  milliseconds: 'ROUND((julianday(finished_at) - julianday(started_at)) * 86400000)',
};

const POSTGRES = {
  object: 'json_build_object',
  list: (value: string) => `json_agg(${value})`,
  none: "'[]'::json",
  json: (column: string) => column,
  moment: (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  milliseconds: 'ROUND(EXTRACT(EPOCH FROM finished_at - started_at) * 1000)',
};

async function createStepTables(runner: QueryRunner): Promise<void> {
  const { uuid, text, integer, json, moment } = migrationTypes(runner);
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
