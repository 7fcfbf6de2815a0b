import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { AssetFilterBar } from './AssetFilterBar.tsx';

test('what is typed joins what was chosen while nobody had searched for it yet', async () => {
  const [before, after] = [vi.fn(), vi.fn()];
  const { rerender } = render(<AssetFilterBar filter={{}} apps={[]} onChange={before} />);
  fireEvent.change(screen.getByRole('searchbox', { name: 'Search by name' }), { target: { value: ' poster ' } });
  rerender(<AssetFilterBar filter={{ tier: 'free' }} apps={[]} onChange={after} />);
  await vi.waitFor(() => expect(after).toHaveBeenCalledExactlyOnceWith({ q: 'poster' }));
  expect(before).not.toHaveBeenCalled();
});
