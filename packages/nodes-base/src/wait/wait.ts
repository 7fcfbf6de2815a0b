import {
  choice,
  defineNode,
  emit,
  type InputItem,
  isFileRef,
  type Json,
  number,
  port,
  text,
  wait,
} from '@imaginarium/node-sdk';
import { msOf, readMoment } from './wait-until.ts';

const units = ['seconds', 'minutes', 'hours', 'days'] as const;

/** Lets the run wait: for a while, until a moment, or for a call from outside. */
export const waitNode = defineNode({
  type: 'flow.wait',
  version: 1,
  title: 'Wait',
  summary: 'Lets the run wait for a while, until a moment, or until another program calls.',
  group: 'flow',
  icon: 'hourglass',
  aliases: ['delay', 'pause', 'sleep', 'timer', 'until', 'callback', 'resume', 'webhook'],
  docs: 'All items wait together, and go on together. Nothing is held meanwhile: a run may wait for months, and the server may be restarted. For a call, the page of the run shows an address for this one wait; what is posted there leaves by Answer, as an item of its own. When nobody calls in time, the items leave by Time is up instead.',
  inputs: { item: port.any({ optional: true, many: true }) },
  outputs: {
    item: port.any({ title: 'Items' }),
    answer: port.json({ title: 'Answer' }),
    timeUp: port.any({ title: 'Time is up' }),
  },
  params: {
    for: choice({
      title: 'Wait',
      options: [
        { value: 'duration', label: 'For a while' },
        { value: 'moment', label: 'Until a moment' },
        { value: 'call', label: 'For a call from outside' },
      ],
      default: 'duration',
    }),
    amount: number({ title: 'How long', default: 1, min: 0, max: 100_000, showWhen: { for: 'duration' } }),
    unit: choice({ title: 'Unit', options: units, default: 'hours', showWhen: { for: 'duration' } }),
    until: text({
      title: 'Until',
      help: 'A date and a time, in UTC unless it names a time zone. May be an expression, read for the first item.',
      placeholder: '2026-03-01T09:00+01:00',
      required: true,
      maxLength: 100,
      showWhen: { for: 'moment' },
    }),
    days: number({
      title: 'Give up after (days)',
      help: '0 waits for ever.',
      default: 30,
      min: 0,
      max: 3650,
      showWhen: { for: 'call' },
    }),
  },
  effects: 'idempotent',
  mode: 'all',
  waits: true,
  headline: ['for', 'amount', 'unit', 'until'],
  typicalMs: 1,
  yields: ({ items }) => items,
  execute({ items: { item: items }, params, resumed }) {
    if (!resumed) return wait(requestOf(params));
    const passed = emit(items.map((item, from) => ({ ...item, from })));
    if (params.for !== 'call') return { item: passed, answer: undefined, timeUp: undefined };
    if (resumed.timeIsUp) return { item: undefined, answer: undefined, timeUp: passed };
    return { item: passed, answer: emit([answerItem(resumed.value)]), timeUp: undefined };
  },
});

interface WaitParams {
  for: 'duration' | 'moment' | 'call';
  amount: number;
  unit: (typeof units)[number];
  until: string;
  days: number;
}

function requestOf({ for: what, amount, unit, until, days }: WaitParams): Parameters<typeof wait>[0] {
  switch (what) {
    case 'duration':
      return { kind: 'time', afterMs: msOf(amount, unit) };
    case 'moment':
      return { kind: 'time', until: readMoment(until) };
    case 'call':
      return { kind: 'callback', ...(days > 0 ? { afterMs: msOf(days, 'days') } : {}) };
  }
}

/** What was posted, as an item: the entries of an object are its fields too. */
function answerItem(value: Json): InputItem<Json> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value) && !isFileRef(value);
  return { value, fields: isObject ? value : {} };
}
