import type { UpscaleTier, WorkspaceQuote } from '@imaginarium/protocol';

/** What an upscale would come to in a tier, with 20 credits in the wallet and 15 left of the budget. */
export function aTierQuote(
  tier: UpscaleTier,
  credits: number,
  remarks: string[] = [],
): { tier: UpscaleTier; quote: WorkspaceQuote } {
  const node = {
    node: 'upscale',
    name: 'Upscale',
    items: 1,
    credits,
    saved: 0,
    estimateMs: 8000,
    cache: 'no' as const,
  };
  return {
    tier,
    quote: {
      ...{ total: credits, least: credits, most: credits, nodes: [{ ...node, remarks }], bundle: null },
      ...{ estimateMs: 8000, measured: true, currency: 'IDR', amount: credits * 100 },
      ...{ wallet: { available: 20, after: 20 - credits } },
      budget: { left: 15, after: 15 - credits, beginsAgain: '2026-12-01T00:00:00.000Z' },
    },
  };
}
