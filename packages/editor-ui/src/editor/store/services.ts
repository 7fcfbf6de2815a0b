import { createContext, useContext } from 'react';
import type { RunControl } from '../run/run-control.ts';
import type { Autosave } from './autosave.ts';

/** What acts on the server on behalf of the open editor. */
export interface EditorServices {
  autosave: Autosave;
  runs: RunControl;
}

export const ServicesContext = createContext<EditorServices | null>(null);

/** The services of the editor that this component stands in. */
export function useServices(): EditorServices {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('useServices: expected to stand inside a ServicesContext.');
  return services;
}
