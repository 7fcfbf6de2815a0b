import type { Role } from '@imaginarium/protocol';
import { EntitySchema } from 'typeorm';
import type { ColumnTypes } from './column-types.ts';

export interface UserRow {
  id: string;
  name: string;
  email: string;
  passwordHash: string;
  createdAt: string;
}

export interface WorkspaceRow {
  id: string;
  name: string;
  createdAt: string;
}

export interface MembershipRow {
  workspaceId: string;
  userId: string;
  role: Role;
  createdAt: string;
}

/** At most one row, whose id is 1: the server has one owner, whoever tries to become a second. */
export interface ServerOwnerRow {
  id: number;
  userId: string | null;
  createdAt: string;
}

export interface SessionRow {
  /** SHA-256 of the session id: who reads the table cannot sign in with it. */
  idHash: string;
  userId: string | null;
  data: object;
  expiresAt: string;
}

export interface ApiKeyRow {
  id: string;
  userId: string;
  name: string;
  prefix: string;
  hash: string;
  createdAt: string;
  lastUsedAt: string | null;
}

/** What a person used of something that is limited. A new window takes the row of the one before. */
interface PersonUseRow {
  userId: string;
  what: string;
  used: number;
  /** When the window ends. */
  until: string;
}

const userKey = { target: 'user_account', columnNames: ['userId'], referencedColumnNames: ['id'], onDelete: 'CASCADE' };

export function accountTables({ uuid, text, integer, json, moment }: ColumnTypes) {
  return [
    new EntitySchema<UserRow>({
      name: 'user_account',
      columns: {
        id: { ...uuid, primary: true },
        name: text,
        email: text,
        passwordHash: text,
        createdAt: moment,
      },
      uniques: [{ name: 'uq_user_account_email', columns: ['email'] }],
    }),
    new EntitySchema<WorkspaceRow>({
      name: 'workspace',
      columns: { id: { ...uuid, primary: true }, name: text, createdAt: moment },
    }),
    new EntitySchema<MembershipRow>({
      name: 'membership',
      columns: {
        workspaceId: { ...uuid, primary: true },
        userId: { ...uuid, primary: true },
        role: text,
        createdAt: moment,
      },
      indices: [{ name: 'ix_membership_user', columns: ['userId'] }],
      foreignKeys: [
        { target: 'workspace', columnNames: ['workspaceId'], referencedColumnNames: ['id'], onDelete: 'CASCADE' },
        { ...userKey, onDelete: 'CASCADE' },
      ],
    }),
    new EntitySchema<ServerOwnerRow>({
      name: 'server_owner',
      columns: { id: { ...integer, primary: true }, userId: { ...uuid, nullable: true }, createdAt: moment },
      checks: [{ name: 'ck_server_owner_single', expression: 'id = 1' }],
      foreignKeys: [{ ...userKey, onDelete: 'RESTRICT' }],
    }),
    new EntitySchema<SessionRow>({
      name: 'session',
      columns: {
        idHash: { ...text, primary: true },
        userId: { ...uuid, nullable: true },
        data: json,
        expiresAt: moment,
      },
      indices: [
        { name: 'ix_session_user', columns: ['userId'] },
        { name: 'ix_session_expiry', columns: ['expiresAt'] },
      ],
      foreignKeys: [{ ...userKey, onDelete: 'CASCADE' }],
    }),
    new EntitySchema<ApiKeyRow>({
      name: 'api_key',
      columns: {
        id: { ...uuid, primary: true },
        userId: uuid,
        name: text,
        prefix: text,
        hash: text,
        createdAt: moment,
        lastUsedAt: { ...moment, nullable: true },
      },
      uniques: [{ name: 'uq_api_key_hash', columns: ['hash'] }],
      indices: [{ name: 'ix_api_key_user', columns: ['userId'] }],
      foreignKeys: [{ ...userKey, onDelete: 'CASCADE' }],
    }),
    new EntitySchema<PersonUseRow>({
      name: 'person_use',
      columns: {
        userId: { ...text, primary: true },
        what: { ...text, primary: true },
        used: integer,
        until: moment,
      },
    }),
  ];
}
