import { useNewestType } from '../api/node-types.ts';

/** A param of a node type in which one of a few values is chosen. */
export interface ChoiceParam {
  key: string;
  title: string;
  options: readonly { value: string; label: string }[];
}

/** The params by which the price of a node type may differ; none where it is not installed. */
export function useChoiceParams(type: string): readonly ChoiceParam[] {
  const params = useNewestType(type)?.params ?? {};
  return Object.entries(params).flatMap(([key, spec]) =>
    spec.kind === 'choice' ? [{ key, title: spec.title, options: spec.options }] : [],
  );
}
