import { randomUUID } from 'node:crypto';

/** Ids of one millisecond, at most; the next of them is of the millisecond after it. */
const MOST_AT_ONCE = 0x1000;

let ms = 0;
let count = 0;
/** What the ids of the millisecond begin with. */
let moment = '';

/**
 * A new id: a UUID of version 7, by which rows lie in the order they were made in. Those of one process follow one another even within a
 * millisecond and when the clock is set back. What is random in it comes from a random UUID, of which Node makes many at a time.
 */
export function newId(): string {
  const now = Date.now();
  count++;
  if (now > ms || count === MOST_AT_ONCE) {
    ms = Math.max(now, ms + 1);
    count = 0;
    const digits = ms.toString(16).padStart(12, '0');
    moment = `${digits.slice(0, 8)}-${digits.slice(8)}-7`;
  }
  return `${moment}${count.toString(16).padStart(3, '0')}${randomUUID().slice(18)}`;
}
