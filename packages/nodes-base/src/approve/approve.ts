import {
  type ApprovalAnswer,
  choice,
  defineNode,
  emit,
  type FileRef,
  isFileRef,
  number,
  port,
  type Role,
  text,
  wait,
} from '@imaginarium/node-sdk';
import { msOf } from '../wait/wait-until.ts';

/** Pictures that are shown with the question. */
const PICTURES = 12;

/** Asks a person, and lets the items go by what they say. */
export const approve = defineNode({
  type: 'flow.approve',
  version: 1,
  title: 'Approve',
  summary: 'Asks a person whether the run may go on, and shows the pictures that reached it.',
  group: 'flow',
  icon: 'user-check',
  aliases: ['approval', 'review', 'human', 'confirm', 'check', 'ask', 'sign off', 'wait'],
  docs: 'Whoever may answer finds the question under Waiting for you and on the page of the run. All items go the same way: Approved, Rejected, or No answer when nobody said anything in time. Each gets the fields `decision`, `decidedBy` and `comment`. Nothing is held meanwhile: a run may wait for months, and the server may be restarted.',
  inputs: { item: port.any({ many: true }) },
  outputs: {
    approved: port.any({ title: 'Approved' }),
    rejected: port.any({ title: 'Rejected' }),
    noAnswer: port.any({ title: 'No answer' }),
  },
  params: {
    message: text({
      title: 'Question',
      help: 'May hold expressions, read for the first item.',
      default: 'May these pictures go on?',
      required: true,
      multiline: true,
      maxLength: 2000,
    }),
    who: choice({
      title: 'Who may answer',
      options: [
        { value: 'viewer', label: 'Everybody in the workspace' },
        { value: 'editor', label: 'Editors and above' },
        { value: 'admin', label: 'Admins and owners' },
        { value: 'owner', label: 'Owners' },
      ],
      default: 'editor',
    }),
    days: number({ title: 'Give up after (days)', help: '0 waits for ever.', default: 30, min: 0, max: 3650 }),
  },
  effects: 'idempotent',
  mode: 'all',
  waits: true,
  headline: ['message', 'who'],
  typicalMs: 1,
  yields: ({ items }) => items,
  execute({ items: { item: items }, params, log, resumed }) {
    if (!resumed) {
      const files = items.map((item) => item.value).filter((value): value is FileRef => isFileRef(value));
      return wait({
        ...{ kind: 'approval', message: params.message, role: params.who satisfies Role, items: items.length },
        pictures: files.filter((file) => file.kind === 'image').slice(0, PICTURES),
        ...(params.days > 0 ? { afterMs: msOf(params.days, 'days') } : {}),
      });
    }
    const nothing = { approved: undefined, rejected: undefined, noAnswer: undefined };
    if (resumed.timeIsUp) {
      log.warn(`Nobody answered within ${params.days} days.`);
      return { ...nothing, noAnswer: emit(items.map((item, from) => ({ ...item, from }))) };
    }
    // The server asks for exactly this.
    const { decision, comment, by } = resumed.value as unknown as ApprovalAnswer;
    log.info(`${by} ${decision} it${comment === '' ? '.' : `: ${comment}`}`);
    const said = { decision, decidedBy: by, comment };
    const decided = emit(items.map(({ value, fields }, from) => ({ value, fields: { ...fields, ...said }, from })));
    return { ...nothing, [decision]: decided };
  },
});
