import { basename } from 'node:path/posix';
import type { HttpAnswer } from '@imaginarium/node-sdk';

/** What a downloaded file is called: as the service says, or as the address ends. */
export function fileNameOf({ headers, url }: Pick<HttpAnswer, 'headers' | 'url'>): string {
  const said = /filename="?([^";]+)"?/i.exec(headers['content-disposition'] ?? '')?.[1];
  const name = basename(said ?? decoded(new URL(url).pathname)).trim();
  return name === '' || name === '.' || name === '..' ? 'answer' : name.slice(0, 200);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
