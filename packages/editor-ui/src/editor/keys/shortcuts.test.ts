import { describe, expect, it } from 'vitest';
import { COMMANDS, commandOf, SHORTCUTS } from './shortcuts.ts';

const press = (key: string, change: Partial<Record<'metaKey' | 'ctrlKey' | 'shiftKey' | 'altKey', boolean>> = {}) => ({
  key,
  metaKey: false,
  ctrlKey: false,
  shiftKey: false,
  altKey: false,
  ...change,
});

describe('the keys of the editor', () => {
  it('mean the same with Ctrl and with the command key', () => {
    expect(commandOf(press('z', { ctrlKey: true }), false)).toBe('undo');
    expect(commandOf(press('z', { metaKey: true }), false)).toBe('undo');
    expect(commandOf(press('Z', { metaKey: true, shiftKey: true }), false)).toBe('redo');
    expect(commandOf(press('?', { shiftKey: true }), false)).toBe('keys');
  });

  it('are left to whoever writes, but for running', () => {
    expect(commandOf(press('d'), false)).toBe('disable');
    expect(commandOf(press('d'), true)).toBeUndefined();
    expect(commandOf(press('Enter', { ctrlKey: true }), true)).toBe('run');
    expect(commandOf(press('Enter', { metaKey: true, shiftKey: true }), true)).toBe('runTo');
  });

  it('leave the way back out of the canvas to the browser', () => {
    expect(commandOf(press('Tab', { shiftKey: true }), false)).toBeUndefined();
  });

  it('are given to one command each', () => {
    const all = COMMANDS.flatMap((command) => SHORTCUTS[command]);
    expect(new Set(all).size).toBe(all.length);
  });
});
