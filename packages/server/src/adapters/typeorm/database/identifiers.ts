import { validate } from 'uuid';

/** A UUID in the form it is stored in; undefined for anything else, which no row can have as its id. */
export function asUuid(id: string): string | undefined {
  return validate(id) ? id.toLowerCase() : undefined;
}

/** A text that cannot be stored. */
export class UnstorableTextError extends Error {
  /** The value that was refused, such as `name`. */
  readonly field: string;

  constructor(field: string) {
    super(`${field}: expected text without NUL characters. Remove them.`);
    this.name = 'UnstorableTextError';
    this.field = field;
  }
}

/** Refuses a NUL character, which PostgreSQL's text cannot hold, on both databases alike. @throws {UnstorableTextError} */
export function storableText(field: string, text: string): string {
  if (text.includes('\0')) throw new UnstorableTextError(field);
  return text;
}
