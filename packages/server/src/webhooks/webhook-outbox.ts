/** A delivery that is this sender's to send, for a while. */
export interface DueDelivery {
  /** The same for every try at it. */
  id: string;
  workspaceId: string;
  url: string;
  body: string;
  /** Counts the tries, this one included. */
  attempt: number;
}

/** How a try ended: it was taken; it will be tried again; or it never will. */
export type DeliveryOutcome =
  | { kind: 'sent' }
  | { kind: 'later'; afterMs: number; error: string }
  | { kind: 'dead'; error: string };

/** What other applications have to be told, kept until they have taken it. */
export interface WebhookOutbox {
  /** The next delivery that is due. Nobody else gets it for a minute. */
  next(): Promise<DueDelivery | undefined>;
  settle(id: string, outcome: DeliveryOutcome): Promise<void>;
}
