import type { Notice, NoticeAbout } from '@imaginarium/protocol';

/** A person in one of their workspaces. */
export interface Person {
  workspaceId: string;
  userId: string;
}

/** How much people were told and have not read. */
export interface UnreadCounts {
  /** @returns a number for each of them, in their order. */
  of(people: readonly Person[]): Promise<number[]>;
}

/** What people of one workspace are told. */
export interface NoticeList {
  /** What a person was told, the newest first, and how much of all they have not read. @throws {BadCursorError} */
  list(
    userId: string,
    page: { limit: number; cursor?: string | undefined },
  ): Promise<{ notices: Notice[]; nextCursor: string | null; unread: number }>;
  /**
   * Marks notices of a person as read: those that are named, or all that were made up to a moment. What is not theirs is left alone.
   * @returns how many they have not read now.
   */
  read(userId: string, which: { ids: readonly string[] } | { upTo: string }): Promise<number>;
  /** Tells a member something, once for a subject; nobody where they are no member any more. */
  tell(userId: string, notice: { subject: string; about: NoticeAbout }): Promise<void>;
}
