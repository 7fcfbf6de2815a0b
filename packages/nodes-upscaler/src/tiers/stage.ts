import type { FaceStageKind } from '../faces/face-models.ts';

/** What a tier does one after another. Each is seen by a person: as progress while it is at work, and by the time it took. */
export type Stage = FaceStage | EnlargeStage | LayerStage;

/** Work on the faces of a picture; without its network it is left out. Faces are found in the input, and pasted into what the first way gives. */
export interface FaceStage {
  kind: FaceStageKind;
}

/** A way of the whole picture through a network. */
export interface EnlargeStage {
  kind: 'enlarge';
  /** How much longer it makes each side. */
  scale: 2 | 4;
}

/** Work on the enlarged picture as a whole. */
export interface LayerStage {
  /**
   * `background` smooths noise in flat areas, `quality` draws areas again that do not show what the source shows and reads the written file
   * back, and `merge` lays the layers over one another and gives the picture the colours of its source.
   */
  kind: 'background' | 'quality' | 'merge';
}

/** The stages of each tier, in order. This is the place where they are listed: forms, checks, progress and work follow from it. */
export const STAGES = {
  free: [{ kind: 'enlarge', scale: 2 }],
  standard: [{ kind: 'detect-faces' }, { kind: 'restore-faces' }, { kind: 'enlarge', scale: 4 }],
  professional: [
    { kind: 'detect-faces' },
    { kind: 'restore-faces' },
    { kind: 'enlarge', scale: 4 },
    { kind: 'enlarge', scale: 2 },
    { kind: 'background' },
    { kind: 'merge' },
  ],
  billboard: [
    { kind: 'detect-faces' },
    { kind: 'restore-faces' },
    { kind: 'enlarge', scale: 4 },
    { kind: 'enlarge', scale: 4 },
    { kind: 'background' },
    { kind: 'quality' },
    { kind: 'merge' },
  ],
} as const satisfies Record<string, readonly Stage[]>;

/** The scale of each way through a network, in order. */
export function passesOf(stages: readonly Stage[]): (2 | 4)[] {
  return stages.filter((stage) => stage.kind === 'enlarge').map(({ scale }) => scale);
}

/** Whether there is a stage of a kind. */
export function hasStage(stages: readonly Stage[], kind: Stage['kind']): boolean {
  return stages.some((stage) => stage.kind === kind);
}

/** How much longer all stages together make each side. */
export function scaleOf(stages: readonly Stage[]): number {
  return passesOf(stages).reduce<number>((product, scale) => product * scale, 1);
}
