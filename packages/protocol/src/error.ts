import { z } from 'zod';

/** Each failure a person may meet: its HTTP status, and whether the same request may succeed later. */
export const ERRORS = {
  'bad-request': { status: 400, retry: false },
  'not-signed-in': { status: 401, retry: false },
  'wrong-password': { status: 401, retry: false },
  'wrong-signature': { status: 401, retry: false },
  'insufficient-credits': { status: 402, retry: false },
  'budget-spent': { status: 402, retry: false },
  'wrong-code': { status: 403, retry: false },
  'not-allowed': { status: 403, retry: false },
  'foreign-origin': { status: 403, retry: false },
  'not-found': { status: 404, retry: false },
  'method-not-allowed': { status: 405, retry: false },
  'already-set-up': { status: 409, retry: false },
  'setup-required': { status: 409, retry: false },
  'draft-conflict': { status: 409, retry: false },
  'idempotency-mismatch': { status: 409, retry: false },
  'run-not-active': { status: 409, retry: false },
  'price-changed': { status: 409, retry: false },
  'licence-not-accepted': { status: 409, retry: false },
  'model-busy': { status: 409, retry: true },
  'prices-conflict': { status: 409, retry: false },
  'refund-refused': { status: 409, retry: false },
  'customer-taken': { status: 409, retry: false },
  'too-large': { status: 413, retry: false },
  'unsupported-media-type': { status: 415, retry: false },
  'range-not-satisfiable': { status: 416, retry: false },
  'bad-file': { status: 422, retry: false },
  'graph-invalid': { status: 422, retry: false },
  'input-invalid': { status: 422, retry: false },
  'model-refused': { status: 422, retry: false },
  'file-missing': { status: 422, retry: false },
  'batch-too-large': { status: 422, retry: false },
  'too-many-requests': { status: 429, retry: true },
  internal: { status: 500, retry: true },
  'billing-refused': { status: 502, retry: false },
  'billing-away': { status: 503, retry: true },
  'shutting-down': { status: 503, retry: true },
  'database-away': { status: 503, retry: true },
  'disk-full': { status: 507, retry: true },
  // The following end a step or a run; they reach a person as part of a run, never as an answer.
  'step-failed': { status: 500, retry: true },
  'step-timeout': { status: 500, retry: true },
  'step-refused': { status: 500, retry: false },
  'step-out-of-memory': { status: 500, retry: false },
  'step-outcome-unknown': { status: 500, retry: false },
  'items-do-not-pair': { status: 500, retry: false },
  'run-timeout': { status: 500, retry: true },
  'run-interrupted': { status: 500, retry: true },
  'run-cancelled': { status: 500, retry: true },
} as const satisfies Record<string, { status: number; retry: boolean }>;

export type ErrorCode = keyof typeof ERRORS;
export const ERROR_CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

/** What a failed step or run carries. */
export const failureSchema = z.strictObject({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  /** The node that failed, when one did. */
  node: z.string().optional(),
  remedy: z.string().optional(),
});
export type Failure = z.infer<typeof failureSchema>;

/** The one shape in which the API answers with an error. */
export const errorBodySchema = z.strictObject({
  error: z.strictObject({
    code: z.enum(ERROR_CODES),
    message: z.string(),
    details: z.json().optional(),
    requestId: z.string(),
  }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;
