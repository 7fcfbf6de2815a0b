import { afterEach, expect, test, vi } from 'vitest';
import { copyText } from './copy-text.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(document, 'execCommand');
});

/** A browser without a clipboard object, as by plain http from another machine. @returns what it was given to copy. */
function plainBrowser({ lets }: { lets: boolean }): string[] {
  const given: string[] = [];
  vi.stubGlobal('navigator', {});
  document.execCommand = () => {
    const clipboardData = { setData: (_type: string, text: string) => given.push(text) };
    if (lets) document.dispatchEvent(Object.assign(new Event('copy', { cancelable: true }), { clipboardData }));
    return lets;
  };
  return given;
}

test('copies where the browser has no clipboard object, and no other listener is in its way', async () => {
  const given = plainBrowser({ lets: true });
  const other = vi.fn();
  document.addEventListener('copy', other);
  await copyText('a key');
  await copyText('another');
  document.removeEventListener('copy', other);
  expect(given).toEqual(['a key', 'another']);
  expect(other).not.toHaveBeenCalled();
});

test('says that the browser did not let it, and leaves nothing for the next copying', async () => {
  plainBrowser({ lets: false });
  await expect(copyText('a key')).rejects.toThrow('did not let');
  const given = plainBrowser({ lets: true });
  document.execCommand('copy');
  expect(given).toEqual([]);
});
