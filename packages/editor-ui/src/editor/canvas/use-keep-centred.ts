import { useReactFlow } from '@xyflow/react';
import { useEffect, useRef } from 'react';

/** Keeps what is in the middle of the canvas in the middle, when a panel or the drawer beside it opens, folds or is resized. */
export function useKeepCentred<Element extends HTMLElement>() {
  const box = useRef<Element>(null);
  const { getViewport, setViewport } = useReactFlow();
  useEffect(() => {
    if (!box.current) return;
    let last: { width: number; height: number } | undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      const { x, y, zoom } = getViewport();
      if (last) void setViewport({ x: x + (width - last.width) / 2, y: y + (height - last.height) / 2, zoom });
      last = { width, height };
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [getViewport, setViewport]);
  return box;
}
