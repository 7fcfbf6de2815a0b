import pg from 'pg';

const TIMESTAMPTZ = pg.types.builtins.TIMESTAMPTZ;
const JSON_TEXT = pg.types.builtins.JSON;
const INT8 = pg.types.builtins.INT8;

/** Reads moments as ISO 8601, whole numbers as numbers, and leaves JSON as text, so that rows read by SQL look the same on both databases. */
export const isoMoments: pg.CustomTypesConfig = {
  // The library's declaration wants one signature for text and binary; only text is ever asked for here.
  getTypeParser: ((oid: number, format?: 'text') => {
    if (oid === JSON_TEXT) return (text: string) => text;
    if (oid === INT8) return exactNumber;
    const parse = pg.types.getTypeParser(oid, format);
    return oid === TIMESTAMPTZ ? (text: string) => (parse(text) as Date).toISOString() : parse;
  }) as pg.CustomTypesConfig['getTypeParser'],
};

function exactNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`The database gave ${text}: expected a whole number within 2^53.`);
}
