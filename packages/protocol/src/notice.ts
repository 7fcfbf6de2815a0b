import { z } from 'zod';

const credits = z.int().min(0);
const moment = z.iso.datetime();

/** What a person is told. */
export const noticeAboutSchema = z.discriminatedUnion('kind', [
  /** A run of theirs failed or was cancelled: what its steps were charged, and what of the credits set aside came back. */
  z.strictObject({
    kind: z.literal('run-ended'),
    runId: z.uuid(),
    workflowName: z.string(),
    state: z.enum(['failed', 'cancelled']),
    charged: credits,
    returned: credits,
    /** The step that failed, by the name of its node, and why; null where none did. */
    step: z.string().nullable(),
    message: z.string().nullable(),
  }),
  /** The wallet of the workspace has few credits left for new runs. */
  z.strictObject({ kind: z.literal('credits-low'), available: credits }),
  /** Most of the month's budget of the workspace is spent or set aside. */
  z.strictObject({ kind: z.literal('budget-low'), amount: credits, used: credits, beginsAgain: moment }),
  /** A trigger of theirs started no run: the wallet or the budget had too little. */
  z.strictObject({
    kind: z.literal('run-refused'),
    workflowId: z.uuid(),
    workflowName: z.string(),
    reason: z.enum(['insufficient-credits', 'budget-spent']),
    /** Credits that it needed more. */
    missing: credits,
    /** When the budget begins again; null where it was the wallet. */
    beginsAgain: moment.nullable(),
  }),
  /** Money for bought credits went back, and some of the credits could not be taken: they are spent or set aside. */
  z.strictObject({ kind: z.literal('refund-short'), purchase: z.string(), taken: credits, missing: credits }),
  /** An application was not told that an upscale has ended, and is not tried any more. */
  z.strictObject({
    kind: z.literal('webhook-dead'),
    assetId: z.uuid(),
    assetName: z.string(),
    versionId: z.uuid(),
    /** The host that was called. */
    host: z.string(),
    attempts: z.int().min(1),
    /** What went wrong with the last try. */
    message: z.string(),
  }),
]);
export type NoticeAbout = z.infer<typeof noticeAboutSchema>;

/** Something that a person is told in the app, once. */
export const noticeSchema = z.strictObject({
  id: z.uuid(),
  about: noticeAboutSchema,
  createdAt: moment,
  /** When they marked it as read; null before. */
  readAt: moment.nullable(),
});
export type Notice = z.infer<typeof noticeSchema>;
