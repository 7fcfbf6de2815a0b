import { useEffect } from 'react';
import { isCopiedNodes } from '../document/clipboard.ts';
import { commandOf, takesText } from './shortcuts.ts';
import { useClipboard } from './use-clipboard.ts';
import { useCommands } from './use-commands.ts';

/** Listens to the keyboard of the whole window while the editor is open. Dialogs and text fields keep their own keys. */
export function useKeys(): void {
  const commands = useCommands();
  const { copySelection, pasteText } = useClipboard();

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const target = event.target as Element | null;
      if (event.defaultPrevented || target?.closest('[role="dialog"], [role="menu"]')) return;
      const command = commandOf(event, takesText(target));
      if (!command) return;
      const onCanvas = target?.closest('[data-region="canvas"]') != null;
      // Where nothing has the focus, Tab goes to the first control, as on every page.
      if (command === 'add' && !onCanvas) return;
      const inCanvas = onCanvas || target === document.body;
      // Tab, Enter and the arrows keep their usual meaning on buttons and links outside the canvas.
      if (!inCanvas && ['add', 'inspect', 'goLeft', 'goRight', 'goUp', 'goDown', 'delete'].includes(command)) return;
      const onButton = target?.closest('button, a, summary, [role="tab"]') !== null && target !== null;
      if (onButton && ['add', 'inspect'].includes(command)) return;
      event.preventDefault();
      commands[command]();
    };
    const onCopy = (event: ClipboardEvent) => {
      if (takesText(document.activeElement) || !window.getSelection()?.isCollapsed) return;
      const text = copySelection();
      if (text === undefined) return;
      event.clipboardData?.setData('text/plain', text);
      event.preventDefault();
    };
    const onPaste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (takesText(document.activeElement) || !isCopiedNodes(text)) return;
      event.preventDefault();
      pasteText(text);
    };
    window.addEventListener('keydown', onKeyDown);
    document.addEventListener('copy', onCopy);
    document.addEventListener('paste', onPaste);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      document.removeEventListener('copy', onCopy);
      document.removeEventListener('paste', onPaste);
    };
  }, [commands, copySelection, pasteText]);
}
