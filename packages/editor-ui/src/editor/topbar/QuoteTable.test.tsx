import type { WorkspaceQuote } from '@imaginarium/protocol';
import { render } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { QuoteTable } from './QuoteTable.tsx';

const quote: WorkspaceQuote = {
  ...{ total: 60, least: 60, most: 60, estimateMs: 12_000, measured: true, bundle: null },
  nodes: [{ node: 'up', name: 'Upscale', items: 5, credits: 60, saved: 15, estimateMs: 12_000, cache: 'no' }],
  ...{ currency: 'IDR', amount: 6000, wallet: { available: 100, after: 40 }, budget: null },
};

/** What is read, piece by piece. */
function shown(of: WorkspaceQuote): (string | null)[] {
  const { container } = render(<QuoteTable quote={of} />);
  return [...(container.firstElementChild?.children ?? [])].map((element) => element.textContent);
}

describe('QuoteTable', () => {
  it('shows what each node costs and saves, what that is in money, and what is left afterwards', () => {
    expect(shown(quote)).toEqual([
      ...['Upscale · 15 credits saved as a batch', '60 credits', '~12.0 s'],
      expect.stringMatching(/^IDR\s6,000/),
      'You have 100 credits, 40 after this run',
    ]);
  });

  it('says what is missing, what a bundle takes off, and when nobody knows the most', () => {
    const bundle = { title: 'The set', credits: 5 };
    const wallet = { available: 40, after: -20 };
    expect(shown({ ...quote, nodes: [], bundle, least: 15, most: null, wallet })).toEqual([
      'The set: 5 credits off',
      '15 credits or more: what comes is known when it runs',
      expect.stringMatching(/^IDR/),
      'You have 40 credits: 20 are missing for this run',
    ]);
  });

  it('says which results are kept from before, and which may be', () => {
    const [up] = quote.nodes;
    const kept = { ...up, node: 'avatar', name: 'Avatar', credits: 0, saved: 0, estimateMs: 0, cache: 'yes' };
    const nodes = [kept, { ...up, saved: 0, cache: 'maybe' }] as WorkspaceQuote['nodes'];
    expect(shown({ ...quote, nodes, least: 0 }).slice(0, 7)).toEqual([
      ...['Avatar', 'Free', 'Kept', 'Upscale · free if kept from before', '60 credits', '~12.0 s'],
      'From 0 to 60 credits, as its items and what is kept turn out',
    ]);
  });

  it('shows below a node what it says of itself before the run, also when it is free and quick', () => {
    const [up] = quote.nodes;
    const remark =
      'Faces are not looked for: YuNet is not installed. Install it with: imaginarium models pull yunet-n.';
    const nodes = [{ ...up, credits: 0, saved: 0, estimateMs: 0, remarks: [remark] }] as WorkspaceQuote['nodes'];
    expect(shown({ ...quote, nodes }).slice(0, 4)).toEqual(['Upscale', 'Free', '~0 ms', remark]);
  });

  it('says what the budget of the month has left, and when it begins again where that is too little', () => {
    const beginsAgain = '2026-12-01T00:00:00.000Z';
    const left = { ...quote, nodes: [], wallet: null, amount: 0, total: 0, least: 0, most: 0 };
    expect(shown({ ...left, budget: { left: 100, after: 40, beginsAgain } })).toEqual([
      'The budget of this month has 100 credits left, 40 after this run',
    ]);
    expect(shown({ ...left, budget: { left: 40, after: -20, beginsAgain } })).toEqual([
      'The budget of this month has 40 credits left: 20 are missing for this run. It begins again on Dec 1, 2026',
    ]);
  });

  it('says nothing of a wallet where credits are not limited, nor of money where a run is free', () => {
    expect(shown({ ...quote, total: 0, least: 0, most: 0, amount: 0, nodes: [], wallet: null })).toEqual([]);
  });
});
