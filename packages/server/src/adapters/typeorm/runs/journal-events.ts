import type { RunEvent } from '@imaginarium/protocol';

/** What the end of most steps says: left out where it is so. */
const USUAL: Readonly<Record<string, unknown>> = {
  ...{ durationMs: 0, thumbnail: null, credits: 0, error: null, reason: null },
};

/** Events as a row of the journal has them. */
export interface EventColumns {
  /** The number of the first. */
  from_seq: number;
  events: string;
}

/**
 * Events as JSON, without what the row says of all of them: their run, and numbers that follow one another. A time is written where it is
 * another than that of the event before.
 */
export function writeEvents(runId: string, events: readonly RunEvent[]): string {
  let seq = events[0]?.seq ?? 0;
  let at: string | undefined;
  const written = events.map((event) => {
    const isEnd = event.type === 'step.finished';
    const slim: Record<string, unknown> = {};
    for (const key in event) {
      const value: unknown = event[key as keyof RunEvent];
      const follows =
        key === 'runId' ? value === runId : key === 'seq' ? value === seq : key === 'at' ? value === at : false;
      if (!follows && !(isEnd && key in USUAL && value === USUAL[key])) slim[key] = value;
    }
    seq = event.seq + 1;
    at = event.at;
    return slim;
  });
  return JSON.stringify(written);
}

/** The events of a row, whole again. Those that were written whole stay as they are. */
export function readRowEvents(runId: string, { from_seq, events }: EventColumns): RunEvent[] {
  let seq = from_seq - 1;
  let at = '';
  return (JSON.parse(events) as Partial<RunEvent>[]).map(({ type, runId: own = runId, ...slim }) => {
    seq = slim.seq ?? seq + 1;
    at = slim.at ?? at;
    const usual = type === 'step.finished' ? USUAL : undefined;
    return { type, runId: own, ...{ seq, at }, ...usual, ...slim } as RunEvent; // It was one when it was written.
  });
}
