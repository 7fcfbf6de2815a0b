import type { ParamSpec } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { describeValue } from './headline.ts';

const text: ParamSpec = { kind: 'text', title: 'Path', default: '' };

describe('describeValue', () => {
  it('says what a text with expressions is made of, without their brackets', () => {
    expect(describeValue(text, '{{ run.workflow }}/{{ run.date }} {{ nodes["A"].items[0].fields.size }}')).toBe(
      'workflow/date size',
    );
    expect(describeValue(text, 'plain')).toBe('plain');
  });

  it('names options by their labels, numbers with their unit, and files by their names', () => {
    const choice: ParamSpec = { kind: 'choice', title: 'Fit', default: 'a', options: [{ value: 'a', label: 'Fill' }] };
    expect(describeValue(choice, 'a')).toBe('Fill');
    expect(describeValue({ kind: 'number', title: 'Width', default: 1, unit: 'px' }, 1080)).toBe('1080 px');
    const file = { id: 'a'.repeat(64), kind: 'image', mime: 'image/png', bytes: 1, name: 'me.png' };
    expect(describeValue({ kind: 'asset', title: 'Photos', accept: ['image'], default: null }, [file, file])).toBe(
      'me.png + 1',
    );
  });
});
