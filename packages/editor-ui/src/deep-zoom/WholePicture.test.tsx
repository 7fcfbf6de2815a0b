import { createEvent, fireEvent, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { aPicture } from '../testing/an-asset.ts';
import { WholePicture } from './WholePicture.tsx';

test('the wheel zooms the picture and not the page, until there is nothing left to zoom out of', () => {
  render(<WholePicture file={aPicture('portrait.jpg', 512)} before={undefined} />);
  const picture = screen.getByAltText('portrait.jpg');
  /** @returns whether the page was kept from scrolling. */
  const wheel = (deltaY: number) => {
    const event = createEvent.wheel(picture, { deltaY });
    fireEvent(picture, event);
    return event.defaultPrevented;
  };
  expect([wheel(100), picture.style.transform]).toEqual([false, 'translate(0px, 0px) scale(1)']);
  expect([wheel(-300), picture.style.transform]).toEqual([true, expect.stringContaining('scale(2.7')]);
  expect([wheel(900), picture.style.transform]).toEqual([true, 'translate(0px, 0px) scale(1)']);
  expect(wheel(900)).toBe(false);
});
