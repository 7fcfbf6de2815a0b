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
  let follows = events[0]?.seq;
  let before: string | undefined;
  const written = events.map((event) => {
    const stamp = {
      runId: event.runId === runId ? undefined : event.runId,
      seq: event.seq === follows ? undefined : event.seq,
      at: event.at === before ? undefined : event.at,
    };
    follows = event.seq + 1;
    before = event.at;
    return slimEvent(event, stamp);
  });
  return JSON.stringify(written);
}

interface SlimStamp {
  runId: string | undefined;
  seq: number | undefined;
  at: string | undefined;
}

/** Nearly all events are the beginnings and ends of steps: what has one shape is made and written faster. JSON leaves out what is undefined. */
function slimEvent(event: RunEvent, { runId, seq, at }: SlimStamp): object {
  switch (event.type) {
    case 'step.started': {
      const { type, node, iteration, items } = event;
      return { type, runId, seq, node, iteration, items, at } satisfies Written<typeof event>;
    }
    case 'step.finished':
      return {
        ...{ type: event.type, runId, seq, node: event.node, iteration: event.iteration, state: event.state },
        durationMs: event.durationMs || undefined,
        items: event.items,
        thumbnail: event.thumbnail ?? undefined,
        credits: event.credits || undefined,
        error: event.error ?? undefined,
        reason: event.reason ?? undefined,
        at,
      } satisfies Written<typeof event>;
    default:
      return { ...event, runId, seq, at };
  }
}

/** Every property of an event, written or not. */
type Written<Event> = { [Key in keyof Required<Event>]: unknown };

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
