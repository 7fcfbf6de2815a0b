import { expect, it } from 'vitest';
import { timeLeft } from './time-left.ts';

it('says a time still to come as coarse as it is known', () => {
  const said = [0, 7_400, 42_000, 57_000, 61_000, 89_000, 3_540_000, 3_570_000, 4_100_000, 7_200_000].map(timeLeft);
  expect(said).toEqual(['5 s', '5 s', '40 s', '55 s', '1 min', '1 min', '59 min', '1 h', '1 h 10 min', '2 h']);
});
