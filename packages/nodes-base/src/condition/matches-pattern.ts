/** Characters a pattern may have: keeps the longest text quick to judge. */
export const MAX_PATTERN = 200;

/**
 * Whether a whole text fits a pattern, in which `*` stands for any text, also none, and `?` for one character. Not a regular
 * expression: those can keep the server busy for ever, and few people read them. Takes at most text × pattern steps.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  const [characters, parts] = [[...text], [...pattern]];
  let at = 0;
  let part = 0;
  let star = -1;
  let starAt = 0;
  while (at < characters.length) {
    if (parts[part] === '*') {
      star = part++;
      starAt = at;
    } else if (parts[part] === '?' || parts[part] === characters[at]) {
      at++;
      part++;
    } else if (star >= 0) {
      // What followed the last star does not fit here: the star takes one character more.
      part = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (parts[part] === '*') part++;
  return part === parts.length;
}
