import type { Upscale, UpscaleTier, WebhookState } from '@imaginarium/protocol';
import type { NewAsset } from './asset-list.ts';

/** The upscales of a run that is about to be accepted. */
export interface NewUpscales {
  /** The id that the run will have. */
  runId: string;
  tier: UpscaleTier;
  /** What the tier leaves out, as its quote says. */
  leftOut: readonly string[];
  /** Milliseconds that the run is quoted at. */
  estimateMs: number;
  /** Told of the end of each; null for nobody. */
  webhookUrl: string | null;
  pictures: readonly NewUpscale[];
}

/** One picture of a run. */
export interface NewUpscale {
  /** Which of the pictures of the run it is, counted from 0. */
  place: number;
  /** Which of the pictures that were asked for it is: some may have been refused. Counted from 0. */
  item: number;
  /** An asset that is there, or one to make. */
  asset: { id: string } | NewAsset;
  /** What it is quoted at. */
  credits: number;
}

/** An upscale, and which of the pictures of its run, and of those that were asked for together, it is of. */
export interface UpscaleItem {
  place: number;
  item: number;
  upscale: Upscale;
}

/** What was noted for a run. */
export interface BegunUpscales {
  /** Takes it back where the run was not accepted, with assets that were made for it; others get the original back that they had before. */
  withdraw(): Promise<void>;
}

/** The upscales of one workspace: versions of assets, with the runs that make them. */
export interface UpscaleList {
  /**
   * Notes what a run will make, before it is accepted: it may begin at once. Where it is not accepted after all, it is to be withdrawn; where
   * the server dies before that, whoever looks after versions takes them back later, as {@link BegunUpscales.withdraw} does.
   */
  begin(upscales: NewUpscales): Promise<BegunUpscales>;
  /** By the id of the version. */
  get(versionId: string): Promise<Upscale | undefined>;
  /** All of a run, in its order. Empty for a run that makes none. */
  ofRun(runId: string): Promise<UpscaleItem[]>;
  /** Those that tell of the versions of an asset, by version. */
  webhooksOf(assetId: string): Promise<(WebhookState & { versionId: string })[]>;
  /**
   * Has the webhook of a version that has ended sent again, at once and with as many tries as at first. Nothing happens where there is none,
   * or the version has not ended.
   */
  sendAgain(versionId: string): Promise<void>;
}
