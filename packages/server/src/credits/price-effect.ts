import {
  type FileRef,
  type Graph,
  isEmptyValue,
  type NodeCatalogue,
  type PriceEffect,
  type PriceList,
  type Prices,
} from '@imaginarium/protocol';
import type { AppDeps } from '../http/app-deps.ts';
import { HttpError } from '../http/http-error.ts';
import { checkQuote } from '../runs/check-run.ts';
import { priceRun } from '../runs/price-run.ts';
import { starterWorkflow } from '../workflows/starter-workflow.ts';
import type { WorkflowStore } from '../workflows/workflow-store.ts';

/** Workflows beside the built-in one that are shown, those changed last. */
const SHOWN = 30;

/** Stands in for a picture that nobody has chosen yet: a workflow that waits for one is priced with one. */
const SAMPLE: FileRef = { id: '0'.repeat(64), kind: 'image', mime: 'image/png', bytes: 1, name: 'picture.png' };

/** What prices that are not published yet would change: the built-in workflow and those of a workspace, by the prices of now and by these. */
export async function priceEffect(
  { prices, quoteRun, catalogue }: Pick<AppDeps, 'prices' | 'quoteRun' | 'catalogue'>,
  workflows: WorkflowStore,
  draft: Prices,
): Promise<PriceEffect> {
  const now = await prices.current();
  const changed: PriceList = { ...draft, version: now.version + 1 };
  const priced = async (list: PriceList, graph: Graph): Promise<PriceEffect['workflows'][number]['before']> => {
    try {
      const asked = { graph: withSamples(graph, catalogue), inputs: {} };
      const { quote } = await priceRun(list, quoteRun, asked, { measured: new Map() });
      return { total: quote.total, least: quote.least, most: quote.most, refused: null };
    } catch (error) {
      if (!(error instanceof HttpError) || error.code !== 'batch-too-large') throw error;
      return { total: null, least: null, most: null, refused: error.message };
    }
  };
  const compared: PriceEffect['workflows'] = [];
  const compare = async (id: string | null, name: string, graph: Graph) => {
    try {
      checkQuote(graph, {}, catalogue);
    } catch {
      return; // A draft that is not finished has no price.
    }
    compared.push({ id, name, before: await priced(now, graph), after: await priced(changed, graph) });
  };
  await compare(null, starterWorkflow.name, starterWorkflow.graph);
  for (const { id, name } of (await workflows.list()).slice(0, SHOWN)) {
    const stored = await workflows.get(id);
    if (stored) await compare(id, name, stored.draft);
  }
  return { version: now.version, workflows: compared };
}

function withSamples(graph: Graph, catalogue: NodeCatalogue): Graph {
  const nodes = graph.nodes.map((node) => {
    const specs = Object.entries(catalogue.describe(node.type, node.version)?.params ?? {});
    const missing = specs.filter(([key, spec]) => spec.kind === 'asset' && isEmptyValue(node.params[key] ?? null));
    const samples = missing.map(([key, spec]) => [key, spec.kind === 'asset' && spec.multiple ? [SAMPLE] : SAMPLE]);
    return missing.length === 0 ? node : { ...node, params: { ...node.params, ...Object.fromEntries(samples) } };
  });
  return { ...graph, nodes };
}
