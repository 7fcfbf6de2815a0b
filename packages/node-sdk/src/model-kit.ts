import type { JsonObject, ModelEntry, ModelSizes, ModelSpeed, ModelTask, TimeAdded } from '@imaginarium/protocol';

/** A model and how fast it is on this machine; null until it was measured. */
export interface MeasuredModel {
  entry: ModelEntry;
  speed: ModelSpeed | null;
}

/** What became of a model in a models folder. */
export interface FoundModel extends MeasuredModel {
  path: string;
  /** `damaged`: a file of that name is there, but its bytes are not those of the catalogue. */
  state: 'installed' | 'missing' | 'damaged';
}

/** How fast a model was measured to be. */
export type MeasuredSpeed = Pick<ModelSpeed, 'msPerMegapixel' | 'peakMemoryMb'>;

/** What was found out about a model file by looking into it and trying it. */
export type ExaminedModel = Pick<
  ModelEntry,
  | 'task'
  | 'scale'
  | 'inputs'
  | 'outputs'
  | 'sizes'
  | 'receptiveRadiusPx'
  | 'corePx'
  | 'peakMemoryMb'
  | 'macPerPixel'
  | 'unknown'
>;

/** The models that the nodes of a package work with: a catalogue as data, and what only who runs them can say of a file. */
export interface ModelKit {
  /** The models that are known, best first. */
  readonly catalogue: readonly ModelEntry[];
  /** The state of every entry, and of own models that were imported. Never throws: a folder that cannot be read holds none. */
  find(modelsFolder: string): Promise<FoundModel[]>;
  /** Remembers that a file in the folder is an own model, or no longer is: null. */
  keepOwn(modelsFolder: string, name: string, entry: ModelEntry | null): Promise<void>;
  /** Remembers how fast a model is on this machine. */
  keepSpeed(modelsFolder: string, name: string, speed: ModelSpeed): Promise<void>;
  /**
   * Looks into a file without executing it, and then tries it. Called in a media process, which may be killed for it.
   * @param request.expected the entry of the catalogue that the file is meant for, where there is one without a checksum.
   * @throws {NonRetryableError} with every reason why the file cannot be used.
   */
  examine(request: { path: string; file: string; expected: ModelEntry | null }): Promise<ExaminedModel>;
  /** Measures how fast an installed model is here, in a media process. @throws {NonRetryableError} when it cannot be run. */
  measure(model: { entry: ModelEntry; path: string }): Promise<MeasuredSpeed>;
}

/** What is known of an item before it is worked on. */
export interface ForesightInput<Params = JsonObject> {
  params: Params;
  /** The pixels of the picture that comes in, as far as they are known. */
  picture: { width: number; height: number } | undefined;
  /** The models that are installed on this machine, best first. */
  models: readonly MeasuredModel[];
}

/** What follows from it. */
export interface Foresight {
  /** Milliseconds that the item will take on this machine; undefined when nobody can say. */
  ms?: number | undefined;
  /** Whether that rests on what was measured on this machine. */
  measured?: boolean;
  /** What comes on top for each of something that nobody can count before, such as a face. */
  adds?: TimeAdded | undefined;
  /** The pixels of the picture that comes out. */
  picture?: { width: number; height: number } | undefined;
}

export type { ModelEntry, ModelSizes, ModelSpeed, ModelTask, TimeAdded };
