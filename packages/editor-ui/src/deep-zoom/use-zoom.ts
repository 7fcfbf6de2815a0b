import { type PointerEvent, useCallback, useRef, useState } from 'react';

const MOST = 16;
const STEP = 1.5;

interface View {
  scale: number;
  x: number;
  y: number;
}

const FITTED: View = { scale: 1, x: 0, y: 0 };

/** Zoom and pan of a picture: by wheel around the pointer, by drag, by buttons. One transform, for as many pictures as lie on one another. */
export function useZoom() {
  const [view, setView] = useState(FITTED);
  const isZoomed = view.scale > 1;
  const latest = useRef(view);
  latest.current = view;
  // React listens to wheels without a way to keep the page from scrolling, which would happen beside.
  const stage = useCallback((element: HTMLElement | null) => {
    const onWheel = (event: WheelEvent) => {
      // Nothing is left to zoom out of: the page scrolls.
      if (event.deltaY > 0 && latest.current.scale === 1) return;
      event.preventDefault();
      const box = element?.getBoundingClientRect() ?? new DOMRect();
      const x = event.clientX - box.left - box.width / 2;
      const y = event.clientY - box.top - box.height / 2;
      setView((now) => zoomed(now, Math.exp(-event.deltaY / 300), x, y));
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, []);
  return {
    /** For the `ref` of what the picture fills: the wheel zooms there. */
    stage,
    transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
    isZoomed,
    in: () => setView((now) => zoomed(now, STEP, 0, 0)),
    out: () => setView((now) => zoomed(now, 1 / STEP, 0, 0)),
    reset: () => setView(FITTED),
    handlers: {
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        if (event.buttons !== 1 || !isZoomed || isHandle(event.target)) return;
        const { movementX, movementY } = event;
        setView((now) => ({ ...now, x: now.x + movementX, y: now.y + movementY }));
      },
      onDoubleClick: () => setView(FITTED),
    },
  };
}

/** The view after a zoom that leaves the point (x, y), counted from the middle, where it is. */
function zoomed(view: View, factor: number, x: number, y: number): View {
  const scale = Math.min(Math.max(view.scale * factor, 1), MOST);
  if (scale === 1) return FITTED;
  const grown = scale / view.scale;
  return { scale, x: x - (x - view.x) * grown, y: y - (y - view.y) * grown };
}

/** The compare slider's own handle keeps its drags. */
function isHandle(target: EventTarget): boolean {
  return target instanceof Element && target.closest('[role="slider"], [data-rcs="handle-container"]') !== null;
}
