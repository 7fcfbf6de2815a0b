/** What a tier does one after another. Each is seen by a person: as progress while it is at work, and by the time it took. */
export type Stage = EnlargeStage;

/** A way of the whole picture through a network. */
export interface EnlargeStage {
  kind: 'enlarge';
  /** How much longer it makes each side. */
  scale: 2 | 4;
}

/** The stages of each tier, in order. This is the place where they are listed: forms, checks, progress and work follow from it. */
export const STAGES = {
  free: [{ kind: 'enlarge', scale: 2 }],
  standard: [{ kind: 'enlarge', scale: 4 }],
  professional: [
    { kind: 'enlarge', scale: 4 },
    { kind: 'enlarge', scale: 2 },
  ],
  billboard: [
    { kind: 'enlarge', scale: 4 },
    { kind: 'enlarge', scale: 4 },
  ],
} as const satisfies Record<string, readonly Stage[]>;

/** The scale of each way through a network, in order. */
export function passesOf(stages: readonly Stage[]): (2 | 4)[] {
  return stages.filter(({ kind }) => kind === 'enlarge').map(({ scale }) => scale);
}

/** How much longer all stages together make each side. */
export function scaleOf(stages: readonly Stage[]): number {
  return passesOf(stages).reduce<number>((product, scale) => product * scale, 1);
}
