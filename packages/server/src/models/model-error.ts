import type { ErrorCode } from '@imaginarium/protocol';

/** A model cannot be had, used or removed; the message says why and what to do. */
export class ModelError extends Error {
  readonly code: Extract<
    ErrorCode,
    'not-found' | 'licence-not-accepted' | 'model-busy' | 'model-refused' | 'bad-request' | 'disk-full'
  >;

  constructor(code: ModelError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ModelError';
    this.code = code;
  }
}
