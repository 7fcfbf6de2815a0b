import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository, with a `/` at its end. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Reads a file by its path below the repository. @throws {Error} when it is not there. */
export function readText(path: string): string {
  return readFileSync(root + path, 'utf8');
}

/** A fenced block of code. */
export interface CodeBlock {
  /** The first word after the fence, such as `ts`; empty when there is none. */
  language: string;
  /** What `file=` after the language says. */
  file: string | undefined;
  text: string;
}

/** The fenced blocks of code of a page, in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(/^```(\S*)[ \t]*(.*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', rest = '', text = '']) => ({
      language,
      file: /\bfile=(\S+)/.exec(rest)?.[1],
      text,
    }),
  );
}

/** What stands in backticks within the prose of a page, fenced blocks left out, in order and with repeats. */
export function inlineCode(markdown: string): string[] {
  const prose = markdown.replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}
