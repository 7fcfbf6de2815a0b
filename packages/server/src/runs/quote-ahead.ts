import {
  type ForeseenPlace,
  type ForeseeServices,
  foreseeRun,
  mayForesee,
  quoteRun,
  remarksOf,
} from '@imaginarium/engine';
import type { AppDeps } from '../http/app-deps.ts';

/** The workflow that is quoted, and which steps are worth a look into the cache. */
export interface QuotePlace extends ForeseenPlace {
  /** paid: those that cost credits, for a run that is accepted; all: whatever saves time too, for people who look at a price. */
  look: 'paid' | 'all';
}

/** The engine's quote, after a look at what the cache will answer and at what nodes say of themselves. A look that fails is one that saw nothing. */
export function quoteAhead(services: ForeseeServices): AppDeps['quoteRun'] {
  const { registry, modelsFolder } = services;
  return (graph, inputs, basis, place) => {
    const isForPeople = place?.look === 'all';
    const looks = place !== undefined && mayForesee(graph, registry, isForPeople ? undefined : basis.terms);
    // Without a look there is nothing to wait for: thousands of runs a second are accepted here.
    if (!looks && !isForPeople) return quoteRun(graph, inputs, registry, basis);
    return Promise.all([
      looks ? foreseeRun(graph, inputs, services, place) : undefined,
      isForPeople ? remarksOf(graph, inputs, registry, modelsFolder) : undefined,
    ]).then(([foreseen, remarks]) =>
      quoteRun(graph, inputs, registry, { ...basis, ...(foreseen && { foreseen }), ...(remarks && { remarks }) }),
    );
  };
}
