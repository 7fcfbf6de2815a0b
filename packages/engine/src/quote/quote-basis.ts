import type { MeasuredModel } from '@imaginarium/node-sdk';
import type { PriceTerms } from '@imaginarium/protocol';
import type { ForeseenRun } from './foresee-run.ts';

/** Milliseconds per item that node types took before, by `type@version`. */
export type MeasuredMs = ReadonlyMap<string, number>;

/** What a quote rests on beside the graph. */
export interface QuoteBasis {
  measured: MeasuredMs;
  /** The prices of the run; left out, the nodes' own. */
  terms?: PriceTerms;
  /** Nodes that are settled before the run begins: they are not part of the quote. */
  settled?: ReadonlySet<string>;
  /** What is known of the run before it begins; left out, nothing. */
  foreseen?: ForeseenRun;
  /** What nodes say of themselves before a run, by node; see {@link remarksOf}. */
  remarks?: ReadonlyMap<string, readonly string[]>;
  /** The models that are installed on this machine; left out, none. */
  models?: readonly MeasuredModel[];
}
