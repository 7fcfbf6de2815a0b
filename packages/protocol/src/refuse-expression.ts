const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * Why what stands between `{{` and `}}` cannot be an expression, or undefined when it may be one: it is empty, a bracket or quote is left open,
 * or it is a statement. Nothing is evaluated, so that a browser can ask; what only a runner can tell shows in the run.
 */
export function refuseExpression(source: string): string | undefined {
  if (source.trim() === '') return 'it is empty';
  const open: string[] = [];
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at);
    // A template text may hold brackets and further quotes of its own; a slash may begin a pattern. Telling needs a parser.
    if (char === '`' || char === '/') return undefined;
    if (char === '"' || char === "'") {
      at = endOfQuote(source, at);
      if (at < 0) return `a ${char} is not closed`;
    } else if (Object.hasOwn(CLOSERS, char)) open.push(char);
    else if (char === ';') return 'it holds a ; and only one expression may stand here';
    else if (Object.values(CLOSERS).includes(char)) {
      const opener = open.pop();
      if (opener === undefined || CLOSERS[opener] !== char) return `a ${char} closes nothing`;
    }
  }
  const left = open.at(-1);
  if (left === '{') return 'a { is not closed; write a space between closing braces, as in } }';
  return left === undefined ? undefined : `a ${left} is not closed`;
}

function endOfQuote(source: string, start: number): number {
  const quote = source.charAt(start);
  for (let at = start + 1; at < source.length; at++) {
    if (source.charAt(at) === '\\') at++;
    else if (source.charAt(at) === quote) return at;
  }
  return -1;
}
