import { useEffect, useState } from 'react';

const STILL_MS = 350;

/** A value once nobody has changed it for a moment: what costs a question to the server is not asked at each key. */
export function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), STILL_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
