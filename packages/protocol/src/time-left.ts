const MINUTE_MS = 60_000;

/** `40 s`, `3 min`, `1 h 10 min`: a time still to come, as coarse as anybody knows it. @param ms milliseconds. */
export function timeLeft(ms: number): string {
  const seconds = Math.max(5, 5 * Math.round(ms / 5000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes < 60) return `${Math.max(1, minutes)} min`;
  const coarse = 5 * Math.round(minutes / 5);
  return coarse % 60 === 0 ? `${coarse / 60} h` : `${Math.floor(coarse / 60)} h ${coarse % 60} min`;
}
