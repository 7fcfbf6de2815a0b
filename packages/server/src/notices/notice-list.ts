import type { Notice } from '@imaginarium/protocol';

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
}
