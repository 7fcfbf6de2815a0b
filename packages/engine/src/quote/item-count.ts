/** How many items: the least, what is expected, and the most; infinite when nobody knows. */
export interface Count {
  least: number;
  items: number;
  most: number;
}

export const ONE: Count = { least: 1, items: 1, most: 1 };
export const NONE: Count = { least: 0, items: 0, most: 0 };

export function addTo(sum: Count, { least, items, most }: Count): void {
  sum.least += least;
  sum.items += items;
  sum.most += most;
}

export function mapped(count: Count, change: (value: number, key: keyof Count) => number): Count {
  return {
    least: change(count.least, 'least'),
    items: change(count.items, 'items'),
    most: change(count.most, 'most'),
  };
}

export function sumOf(counts: readonly Count[]): Count {
  const sum = { ...NONE };
  for (const count of counts) addTo(sum, count);
  return sum;
}

/** Nothing, however often, is nothing. */
export function product(a: Count, b: Count): Count {
  return mapped(a, (value, key) => (value === 0 || b[key] === 0 ? 0 : value * b[key]));
}
