import {
  type ForeseenPlace,
  type ForeseeServices,
  foreseeRun,
  installedModels,
  mayForesee,
  type NodeRegistry,
  quoteAgain,
  quoteRun,
  remarksOf,
} from '@imaginarium/engine';
import type { MeasuredModel } from '@imaginarium/node-sdk';
import { type Graph, isTimed } from '@imaginarium/protocol';
import type { AppDeps } from '../http/app-deps.ts';

/** The workflow that is quoted, and which steps are worth a look into the cache. */
export interface QuotePlace extends ForeseenPlace {
  /** paid: those that cost credits, for a run that is accepted; all: whatever saves time too, for people who look at a price. */
  look: 'paid' | 'all';
}

/** How long it stands which models are installed: their files are looked at for it. */
const MODELS_STAND_MS = 5000;

/**
 * The engine's quote, after a look at what the cache will answer, at what nodes say of themselves, and at the models that are here. A look
 * that fails is one that saw nothing.
 * @param onUnmeasured told of installed models whose speed would have been of use.
 */
export function quoteAhead(
  services: ForeseeServices,
  onUnmeasured: (names: readonly string[]) => void = () => undefined,
): AppDeps['quoteRun'] {
  const { registry, modelsFolder } = services;
  const models = modelsOf(registry, modelsFolder);
  const modelsFor = async (graph: Graph) => {
    if (!dependsOnModels(graph, registry)) return [];
    const installed = await models();
    const missing = installed.filter(({ entry, speed }) => !speed && isTimed(entry));
    if (missing.length > 0) onUnmeasured(missing.map(({ entry }) => entry.name));
    return installed;
  };
  return (graph, inputs, basis, place) => {
    const isForPeople = place?.look === 'all';
    const looks = place !== undefined && mayForesee(graph, registry, isForPeople ? undefined : basis.terms);
    // Without a look there is nothing to wait for: thousands of runs a second are accepted here.
    if (!looks && !isForPeople) return quoteAgain(graph, inputs, registry, basis);
    return Promise.all([
      looks ? foreseeRun(graph, inputs, services, place) : undefined,
      isForPeople ? remarksOf(graph, inputs, registry, modelsFolder) : undefined,
      isForPeople ? modelsFor(graph) : [],
    ]).then(([foreseen, remarks, installed]) =>
      quoteRun(graph, inputs, registry, {
        ...{ ...basis, models: installed },
        ...(foreseen && { foreseen }),
        ...(remarks && { remarks }),
      }),
    );
  };
}

/** Whether any node of a graph takes a time that depends on models. */
function dependsOnModels({ nodes }: Graph, registry: NodeRegistry): boolean {
  return nodes.some(({ type, version }) => registry.find(type, version)?.definition.foresee !== undefined);
}

/** The installed models, looked for again after a while. */
function modelsOf(registry: NodeRegistry, modelsFolder: string): () => Promise<readonly MeasuredModel[]> {
  let known: { until: number; models: Promise<readonly MeasuredModel[]> } | undefined;
  return () => {
    const now = performance.now();
    if (!known || known.until < now)
      known = { until: now + MODELS_STAND_MS, models: installedModels(registry, modelsFolder).catch(() => []) };
    return known.models;
  };
}
