import { type KeyboardEvent, useState } from 'react';

/**
 * The keys of a list that is searched: arrows go round, Enter picks, Escape and Tab close. The keys stay in the search field.
 * @param count how many choices there are.
 * @returns the place of the active one, -1 where there is none.
 */
export function useChoiceKeys(count: number, { pick, close }: { pick(at: number): void; close(): void }) {
  const [at, setAt] = useState(0);
  const active = Math.min(at, count - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'ArrowDown') setAt((active + 1) % Math.max(count, 1));
    else if (event.key === 'ArrowUp') setAt((active - 1 + count) % Math.max(count, 1));
    else if (event.key === 'Enter' && active >= 0) pick(active);
    else if (event.key === 'Escape' || event.key === 'Tab') close();
    else return;
    event.preventDefault();
  };
  return { active, setAt, onKeyDown };
}
