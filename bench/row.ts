/** One measured figure of a bench. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  /** Such as `ms`, `MB` or `runs/s`. */
  readonly unit: string;
  /** What the design asks for, such as `< 50`; `null` where it asks for nothing. */
  readonly target: string | number | null;
  readonly ok: boolean;
}

/** How much work a suite should do. */
export interface BenchOptions {
  /** One quick turn of a few seconds that shows that the bench works; its figures mean little and miss no target. */
  readonly smoke: boolean;
}

/** What each file of `bench/suites/` exports. */
export interface BenchSuite {
  rows(options: BenchOptions): Promise<readonly BenchRow[]>;
}
