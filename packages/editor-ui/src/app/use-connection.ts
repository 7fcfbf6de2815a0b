import { useEffect, useState, useSyncExternalStore } from 'react';
import { client } from '../api/client.ts';

/** A line that comes back within this time was never worth a word. */
const PATIENCE_MS = 1500;

function subscribeOnline(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

/** Whether the network and the live line are there. */
export function useConnection(): 'there' | 'offline' | 'reconnecting' {
  const online = useSyncExternalStore(subscribeOnline, () => navigator.onLine);
  const connecting = useSyncExternalStore(
    (listener) => client.live.onStateChange(listener),
    () => client.live.state === 'connecting',
  );
  const [patient, setPatient] = useState(true);
  useEffect(() => {
    if (!connecting) return setPatient(true);
    const timer = setTimeout(() => setPatient(false), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [connecting]);
  if (!online) return 'offline';
  return connecting && !patient ? 'reconnecting' : 'there';
}
