import { expect, it } from 'vitest';
import { refuseUpscale } from './refuse-upscale.ts';

it('refuses what would have more pixels than are made, with its numbers, and nothing of which they are not known', () => {
  const photo = { name: 'photo.jpg', width: 6000, height: 4000 };
  expect(refuseUpscale(photo, 'billboard')).toBe(
    'photo.jpg has 6000 x 4000 pixels; 16 times that is 6144 million, and at most 268 million are made.',
  );
  expect([refuseUpscale(photo, 'free'), refuseUpscale({ name: 'photo.jpg' }, 'billboard')]).toEqual([
    undefined,
    undefined,
  ]);
  expect(refuseUpscale({ name: 'a', width: 1024, height: 1024 }, 'billboard')).toBeUndefined();
  expect(refuseUpscale({ name: 'a', width: 1025, height: 1024 }, 'billboard')).toContain('1025 x 1024');
});
