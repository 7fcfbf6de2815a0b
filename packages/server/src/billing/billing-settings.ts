/** How what workspaces use is billed, and credits are sold. */
export interface BillingSettings {
  /** A secret key of Stripe. */
  key: string;
  /** The address of Stripe's API. */
  url: string;
  /** The event name of the meter that adds up credits. */
  meter: string;
  /** What Stripe signs its messages with; null when no credits are sold. */
  webhookSecret: string | null;
}
