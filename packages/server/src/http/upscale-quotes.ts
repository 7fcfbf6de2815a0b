import {
  type Failure,
  type FileRef,
  refuseUpscale,
  type UpscaleTier,
  upscaleTierSchema,
  type WorkspaceQuote,
} from '@imaginarium/protocol';
import { type AskedUpscale, priceUpscale } from '../assets/price-upscale.ts';
import { workspaceQuote } from '../runs/workspace-quote.ts';
import type { AppDeps } from './app-deps.ts';
import type { Handlers } from './handler.ts';
import { HttpError } from './http-error.ts';
import { type Caller, findOriginals, originalOf } from './upscale-sources.ts';

type QuoteRoute = 'quoteUpscales' | 'quoteUpscaleBatch';

/** What upscales of assets would come to in each tier. Nothing is begun or made for it. */
export function upscaleQuoteHandlers(deps: AppDeps): Pick<Handlers, QuoteRoute> {
  const quoteOf = async ({ principal, stores }: Caller, asked: Omit<AskedUpscale, 'params'>) => {
    const priced = await priceUpscale(deps, { principal, stores }, { ...asked, params: {} });
    return workspaceQuote(priced, deps, stores);
  };
  return {
    async quoteUpscales({ stores, principal, params }) {
      const { file } = await originalOf(stores, params.id);
      const quotes = [];
      for (const tier of upscaleTierSchema.options)
        quotes.push({ tier, quote: await quoteOf({ principal, stores }, { tier, files: [file], isBatch: false }) });
      return { quotes };
    },

    async quoteUpscaleBatch({ stores, principal, body }) {
      const { found, refused: lost } = await findOriginals(deps, { principal, stores }, body.assetIds);
      const quotes = [];
      for (const tier of upscaleTierSchema.options) {
        const { files, tooLarge } = fitting(found, tier);
        const refused = [...lost, ...tooLarge]
          .map(([item, error]) => ({ item, error }))
          .toSorted((one, other) => one.item - other.item);
        const [none] = files.length === 0 ? tooLarge.values() : [];
        const quoted = none
          ? { quote: null, error: none }
          : await orError(() => quoteOf({ principal, stores }, { tier, files, isBatch: true }));
        quotes.push({ tier, ...quoted, refused });
      }
      return { quotes };
    },
  };
}

/** The files that a tier takes, and by their places why it does not take the others. */
function fitting(found: ReadonlyMap<number, FileRef>, tier: UpscaleTier) {
  const files: FileRef[] = [];
  const tooLarge = new Map<number, Failure>();
  for (const [item, file] of found) {
    const message = refuseUpscale(file, tier);
    if (message === undefined) files.push(file);
    else tooLarge.set(item, { code: 'input-invalid', message });
  }
  return { files, tooLarge };
}

/** A quote, or why there is none: too many pictures for the tier leave the others to choose from. */
async function orError(quoteOf: () => Promise<WorkspaceQuote>) {
  try {
    return { quote: await quoteOf(), error: null };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return { quote: null, error: { code: error.code, message: error.message } };
  }
}
