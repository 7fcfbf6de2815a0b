import type { EntitySchemaColumnOptions } from 'typeorm';

/** The databases this adapter speaks to. */
export type DatabaseKind = 'sqlite' | 'postgres';

/** How each kind of value is stored. Rows read by SQL carry the same text on both databases: moments as ISO 8601, JSON as JSON. */
export interface ColumnTypes {
  uuid: EntitySchemaColumnOptions;
  text: EntitySchemaColumnOptions;
  integer: EntitySchemaColumnOptions;
  /** Whole numbers beyond 32 bits, such as credits; read as numbers, so within 2^53. */
  bigint: EntitySchemaColumnOptions;
  /** An object or array; `null` is SQL's NULL. Key order is kept. */
  json: EntitySchemaColumnOptions;
  /** A moment to the millisecond: an ISO 8601 string in UTC, as the protocol writes it. */
  moment: EntitySchemaColumnOptions;
  bytes: EntitySchemaColumnOptions;
}

/** The one place that knows how the two databases differ in their columns. */
export function columnTypes(kind: DatabaseKind): ColumnTypes {
  return kind === 'sqlite' ? SQLITE : POSTGRES;
}

const SQLITE: ColumnTypes = {
  uuid: { type: 'varchar' },
  text: { type: 'text' },
  integer: { type: 'integer' },
  bigint: { type: 'bigint' },
  // `text`, not `json`: SQLite gives a column of an unknown type numeric affinity, which would turn "1e3" into a number.
  json: { type: 'text', transformer: { to: toJson, from: fromJson } },
  moment: { type: 'text' },
  bytes: { type: 'blob' },
};

const POSTGRES: ColumnTypes = {
  uuid: { type: 'uuid' },
  text: { type: 'text' },
  integer: { type: 'integer' },
  bigint: { type: 'bigint' },
  // `json`, not `jsonb`: it keeps the order of keys, and accepts the NUL characters that nodes may give.
  json: { type: 'json', transformer: { to: (value: unknown) => value, from: fromJson } },
  moment: {
    type: 'timestamp with time zone',
    precision: 3,
    transformer: { to: (value: unknown) => value, from: (value: Date | null) => value?.toISOString() ?? null },
  },
  bytes: { type: 'bytea' },
};

function toJson(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

function fromJson(value: string | null): unknown {
  return value === null ? null : JSON.parse(value);
}
