import pg from 'pg';

const TIMESTAMPTZ = pg.types.builtins.TIMESTAMPTZ;
const JSON_TEXT = pg.types.builtins.JSON;

/** Reads moments as ISO 8601 and leaves JSON as text, so that rows read by SQL look the same on both databases. */
export const isoMoments: pg.CustomTypesConfig = {
  // The library's declaration wants one signature for text and binary; only text is ever asked for here.
  getTypeParser: ((oid: number, format?: 'text') => {
    if (oid === JSON_TEXT) return (text: string) => text;
    const parse = pg.types.getTypeParser(oid, format);
    return oid === TIMESTAMPTZ ? (text: string) => (parse(text) as Date).toISOString() : parse;
  }) as pg.CustomTypesConfig['getTypeParser'],
};
