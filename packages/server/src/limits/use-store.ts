/** Something that a person uses, such as a creation of a workflow, and how much of it they may in a while. */
export interface Use {
  userId: string;
  /** Names what is counted: each name is counted on its own. */
  what: string;
  /** How much is used now: a whole number from 1 to `most`. */
  amount: number;
  /** How much may be used in one window. */
  most: number;
  /** How long a window is. It starts with the first use. */
  windowMs: number;
}

/** Why a use was not counted: so much of the window is taken already. */
export interface UsedUp {
  used: number;
  /** Until the window ends. */
  waitMs: number;
}

/** Counts what people use, for all processes of a server together. */
export interface UseStore {
  /** Counts a use, or nothing of it when it does not fit into the window: of several at the same moment no more than fit are counted. */
  take(use: Use): Promise<UsedUp | undefined>;
  /** Takes back what was counted for something that did not happen. */
  giveBack(use: Pick<Use, 'userId' | 'what' | 'amount'>): Promise<void>;
}
