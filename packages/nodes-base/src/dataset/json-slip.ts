type Expected = 'value' | 'value or ]' | 'name' | 'name or }' | ':' | ', or end';

const SPACE = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON refuses just these inside a text.
const TEXT = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const PLAIN = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * Where a text stops being JSON: the position of the first character that cannot be there, or the text's length when it ends too
 * early. JavaScript's own parser often does not say.
 * @returns undefined for a text that is JSON.
 */
export function findJsonSlip(text: string): number | undefined {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  const eat = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  for (;;) {
    eat(SPACE);
    const next = text[at];
    if (expected === ', or end' && open.length === 0) return at === text.length ? undefined : at;
    switch (expected) {
      case 'value or ]':
      case 'value':
        if (next === ']' && expected === 'value or ]') {
          open.pop();
          at += 1;
          expected = ', or end';
        } else if (next === '{' || next === '[') {
          open.push(next);
          at += 1;
          expected = next === '{' ? 'name or }' : 'value or ]';
        } else if (eat(TEXT) || eat(PLAIN)) expected = ', or end';
        else return at;
        break;
      case 'name or }':
      case 'name':
        if (next === '}' && expected === 'name or }') {
          open.pop();
          at += 1;
          expected = ', or end';
        } else if (eat(TEXT)) expected = ':';
        else return at;
        break;
      case ':':
        if (next !== ':') return at;
        at += 1;
        expected = 'value';
        break;
      case ', or end': {
        const inObject = open.at(-1) === '{';
        if (next === ',') expected = inObject ? 'name' : 'value';
        else if (next === (inObject ? '}' : ']')) open.pop();
        else return at;
        at += 1;
      }
    }
  }
}
