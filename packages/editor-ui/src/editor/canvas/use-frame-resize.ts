import { createContext, useContext } from 'react';

/** Tells the document the size of a frame that a person has dragged. */
export const FrameResize = createContext<(id: string) => void>(() => undefined);

/** What to call when a frame has been resized. */
export function useFrameResize(): (id: string) => void {
  return useContext(FrameResize);
}
