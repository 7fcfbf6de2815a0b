/**
 * Puts a text on the clipboard. Where the page came by plain http from another machine browsers give none away; there the text goes the way
 * of a person's own copying, which they allow in answer to a press.
 * @throws {Error} when the browser does not let it.
 */
export async function copyText(text: string): Promise<void> {
  if ('clipboard' in navigator) return navigator.clipboard.writeText(text);
  const put = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener('copy', put, { capture: true, once: true });
  const copied = document.execCommand('copy');
  document.removeEventListener('copy', put, { capture: true });
  if (!copied) throw new Error('The browser did not let the text be copied.');
}
