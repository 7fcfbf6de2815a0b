import { styleText } from 'node:util';
import type { NodePackage } from '@imaginarium/protocol';

/** Node packages, a line each: whether they are trusted, what they bring, and what those that are not may call. */
export function packageLines(listed: readonly NodePackage[]): string[] {
  const names = listed.map(({ name, version }) => `${name} ${version}`);
  const width = Math.max(...names.map((name) => name.length));
  return listed.map(({ state, types, error, confined }, index) => {
    const trust = (confined ? 'confined' : 'trusted').padEnd(8);
    const what = state === 'loaded' ? `${types.length} node types` : styleText('red', `not loaded: ${error}`);
    const calls = confined && confined.net.length > 0 ? `, may call ${confined.net.join(', ')}` : '';
    return `${names[index]?.padEnd(width)}  ${trust}  ${what}${calls}`;
  });
}
