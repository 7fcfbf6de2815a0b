import type { PriceListWithHistory } from '@imaginarium/protocol';
import { useEffect, useMemo, useState } from 'react';
import { type DraftProblem, draftOf, isChanged, type PriceDraft, pricesOf, problemsOf } from './price-draft.ts';

/** Kept until it is published or discarded, so that a reload or another page loses nothing. The shape is part of the name. */
const KEPT = 'imaginarium:price-draft:1';

/** The prices as they are being edited, and what is wrong with them. A field shows it once it was left, or everything was asked for. */
export function usePriceDraft(list: PriceListWithHistory) {
  const [draft, setDraft] = useState(() => kept() ?? draftOf(list.version, list));
  const [base, setBase] = useState(list);
  if (base.version !== list.version) {
    setBase(list);
    // Who has changed nothing goes on from what counts now.
    if (!isChanged(draft, base)) setDraft(draftOf(list.version, list));
  }
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [showAll, setShowAll] = useState(false);
  const problems = useMemo(() => problemsOf(draft), [draft]);
  const prices = useMemo(() => pricesOf(draft), [draft]);
  const changed = isChanged(draft, list);

  useEffect(() => keep(changed ? draft : null), [changed, draft]);

  const begin = (next: PriceDraft) => {
    setDraft(next);
    setTouched(new Set());
    setShowAll(false);
  };
  return {
    draft,
    prices,
    changed,
    problems,
    edit: (part: Partial<PriceDraft>) => setDraft((before) => ({ ...before, ...part })),
    begin,
    touch: (place: string) => setTouched((before) => new Set(before).add(place)),
    /** What is wrong at a place, or below it, as far as it is time to say so. */
    problemAt: (place: string): DraftProblem | undefined => {
      const found = [...problems].find(([path]) => path === place || path.startsWith(`${place}.`));
      return found && (showAll || touched.has(place)) ? found[1] : undefined;
    },
    showAll: () => setShowAll(true),
  };
}

export type PriceDraftState = ReturnType<typeof usePriceDraft>;

function kept(): PriceDraft | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? 'null') as PriceDraft | null; // Written by this page only.
  } catch {
    return null;
  }
}

function keep(draft: PriceDraft | null): void {
  try {
    if (draft) sessionStorage.setItem(KEPT, JSON.stringify(draft));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // A browser that keeps nothing forgets it with the page.
  }
}
