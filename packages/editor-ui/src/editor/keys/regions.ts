const REGIONS = ['topbar', 'palette', 'canvas', 'inspector', 'drawer'];
const FOCUSABLE = 'button:not(:disabled), input:not([hidden]), textarea, select, a[href], summary, [tabindex="0"]';

/** Moves the focus to the next part of the editor, as F6 does in browsers and desktops: the way out of the canvas, where Tab adds a node. */
export function focusNextRegion(): void {
  const found = REGIONS.flatMap((name) => document.querySelector<HTMLElement>(`[data-region="${name}"]`) ?? []);
  const at = found.findIndex((region) => region.contains(document.activeElement));
  const next = found[(at + 1) % Math.max(found.length, 1)];
  if (!next) return;
  // The canvas takes the focus itself: its keys are about the selected node.
  const target = next.dataset.region === 'canvas' ? next : (next.querySelector<HTMLElement>(FOCUSABLE) ?? next);
  target.focus();
}
