/**
 * Whether people run out of credits. unlimited: charges are written down and refuse nobody. metered: runs are paid from the wallet of their
 * workspace.
 */
export const CREDIT_MODES = ['unlimited', 'metered'] as const;

/** How a server treats credits. */
export interface CreditPolicy {
  mode: (typeof CREDIT_MODES)[number];
  /** Credits that each workspace is granted once, when it first needs any; 0 where credits are not limited. */
  startGrant: number;
}
