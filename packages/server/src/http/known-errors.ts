import {
  AgreedSpentError,
  BudgetSpentError,
  FileMissingError,
  FileRefusedError,
  IdempotencyMismatchError,
  InsufficientCreditsError,
} from '@imaginarium/engine';
import { ERRORS, UnknownInputError } from '@imaginarium/protocol';
import { DatabaseAwayError } from '../adapters/typeorm/database/database-away.ts';
import { BillingAwayError, BillingRefusedError, WrongSaleSignatureError } from '../billing/billing.ts';
import { CustomerTakenError } from '../billing/outbox.ts';
import { AmountError, RefundRefusedError } from '../credits/ledger.ts';
import { PriceListConflictError } from '../credits/price-lists.ts';
import { ModelError } from '../models/model-error.ts';
import { BadCursorError } from '../runs/run-list.ts';
import { HttpError } from './http-error.ts';

/** The refusal that an error stands for, or undefined when nobody foresaw it. */
export function asHttpError(error: unknown): HttpError | undefined {
  if (error instanceof HttpError) return error;
  if (!(error instanceof Error)) return undefined;
  const options = { cause: error };
  if (isDiskFull(error)) {
    return new HttpError(
      'disk-full',
      'The disk of the server is full. Free some space, then try again.',
      undefined,
      options,
    );
  }
  if (error instanceof DatabaseAwayError) {
    return new HttpError(
      'database-away',
      'The database of the server does not answer. Try again in a moment.',
      undefined,
      options,
    );
  }
  if (error instanceof FileRefusedError) {
    return new HttpError(error.reason === 'too-large' ? 'too-large' : 'bad-file', error.message, undefined, options);
  }
  if (error instanceof FileMissingError) return new HttpError('not-found', error.message, undefined, options);
  if (error instanceof IdempotencyMismatchError)
    return new HttpError('idempotency-mismatch', error.message, undefined, options);
  if (error instanceof InsufficientCreditsError)
    return new HttpError('insufficient-credits', error.message, { missing: error.missing }, options);
  if (error instanceof AgreedSpentError) return new HttpError('price-changed', error.message, undefined, options);
  if (error instanceof ModelError) return new HttpError(error.code, error.message, undefined, options);
  if (error instanceof BudgetSpentError)
    return new HttpError(
      'budget-spent',
      error.message,
      { missing: error.missing, beginsAgain: error.beginsAgain },
      options,
    );
  if (error instanceof AmountError) return new HttpError('bad-request', error.message, undefined, options);
  if (error instanceof RefundRefusedError) return new HttpError('refund-refused', error.message, undefined, options);
  if (error instanceof PriceListConflictError)
    return new HttpError('prices-conflict', error.message, undefined, options);
  if (error instanceof CustomerTakenError) return new HttpError('customer-taken', error.message, undefined, options);
  if (error instanceof BillingRefusedError) return new HttpError('billing-refused', error.message, undefined, options);
  if (error instanceof BillingAwayError) return new HttpError('billing-away', error.message, undefined, options);
  if (error instanceof WrongSaleSignatureError)
    return new HttpError('wrong-signature', error.message, undefined, options);
  if (error instanceof UnknownInputError) return new HttpError('input-invalid', error.message, undefined, options);
  if (error instanceof BadCursorError) return new HttpError('bad-request', error.message, undefined, options);
  return ofBodyParser(error) ?? ofExpress(error);
}

/** The refusal that an error stands for, when the same request would meet it again at every try, or at every one for minutes. */
export function asLastingRefusal(error: unknown): HttpError | undefined {
  const refusal = asHttpError(error);
  if (!refusal) return undefined;
  return ERRORS[refusal.code].retry && refusal.retryAfterSeconds === undefined ? undefined : refusal;
}

/** Looks through causes: a store may have wrapped what the disk said. */
function isDiskFull(error: Error): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL' || code === '53100') return true;
  }
  return false;
}

function ofBodyParser(error: Error): HttpError | undefined {
  const { type, limit } = error as { type?: string; limit?: number };
  switch (type) {
    case 'entity.too.large':
      return new HttpError('too-large', `The body is larger than ${limit} bytes.`, undefined, { cause: error });
    case 'entity.parse.failed':
      // The parser's own words repeat a piece of the body, which may be a password.
      return new HttpError('bad-request', 'body: expected JSON, received text that is not', undefined, {
        cause: error,
      });
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new HttpError('unsupported-media-type', `The body has an ${error.message}.`, undefined, { cause: error });
    case 'request.aborted':
    case 'request.size.invalid':
      return new HttpError('bad-request', `The body did not arrive whole: ${error.message}.`, undefined, {
        cause: error,
      });
    default:
      return undefined;
  }
}

function ofExpress(error: Error): HttpError | undefined {
  const { status } = error as { status?: number };
  if (error instanceof URIError || status === 400)
    return new HttpError('bad-request', 'The address of the request cannot be decoded.', undefined, { cause: error });
  if (status === 404)
    return new HttpError('not-found', 'There is nothing at this address.', undefined, { cause: error });
  return undefined;
}
