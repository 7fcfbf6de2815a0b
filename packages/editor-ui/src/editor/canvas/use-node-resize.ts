import { createContext, useContext } from 'react';

/** Tells the document the size of a frame or a note that a person has dragged. */
export const NodeResize = createContext<(id: string) => void>(() => undefined);

/** What to call when a frame or a note has been resized. */
export function useNodeResize(): (id: string) => void {
  return useContext(NodeResize);
}
