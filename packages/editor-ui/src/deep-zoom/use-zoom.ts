import { type PointerEvent, useState, type WheelEvent } from 'react';

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
  return {
    transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
    isZoomed,
    in: () => setView((now) => zoomed(now, STEP, 0, 0)),
    out: () => setView((now) => zoomed(now, 1 / STEP, 0, 0)),
    reset: () => setView(FITTED),
    handlers: {
      onWheel: (event: WheelEvent<HTMLElement>) => {
        const box = event.currentTarget.getBoundingClientRect();
        const x = event.clientX - box.left - box.width / 2;
        const y = event.clientY - box.top - box.height / 2;
        const factor = Math.exp(-event.deltaY / 300);
        setView((now) => zoomed(now, factor, x, y));
      },
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
