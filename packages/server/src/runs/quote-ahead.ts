import { type ForeseenPlace, type ForeseeServices, foreseeRun, mayForesee, quoteRun } from '@imaginarium/engine';
import type { AppDeps } from '../http/app-deps.ts';

/** The workflow that is quoted, and which steps are worth a look into the cache. */
export interface QuotePlace extends ForeseenPlace {
  /** paid: those that cost credits, for a run that is accepted; all: whatever saves time too, for people who look at a price. */
  look: 'paid' | 'all';
}

/** The engine's quote, after a look at what the cache will answer. A look that fails is one that saw nothing. */
export function quoteAhead(services: ForeseeServices): AppDeps['quoteRun'] {
  const { registry } = services;
  return (graph, inputs, basis, place) => {
    // Without a look there is nothing to wait for: thousands of runs a second are accepted here.
    if (!place || !mayForesee(graph, registry, place.look === 'paid' ? basis.terms : undefined))
      return quoteRun(graph, inputs, registry, basis);
    return foreseeRun(graph, inputs, services, place).then((foreseen) =>
      quoteRun(graph, inputs, registry, { ...basis, foreseen }),
    );
  };
}
