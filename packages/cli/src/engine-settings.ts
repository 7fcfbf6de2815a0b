import type { Config } from '@imaginarium/server/config';
import type { OneTimeEngineOptions } from '@imaginarium/server/one-time-engine';

/** What the settings say of an engine without a server: its models, limits and processes. */
export function engineSettings(
  config: Config,
): Omit<OneTimeEngineOptions, 'registry' | 'packages' | 'workFolder' | 'outFolder'> {
  const { mediaConcurrency, mediaMemoryMb, memoryBudgetMb, codeConcurrency, codeTimeoutMs, codeMemoryMb } = config;
  return {
    ...{ modelsFolder: config.modelsDir, pixelLimit: config.pixelLimit, maxBytes: config.uploadLimitBytes },
    ...{ mediaConcurrency, mediaMemoryMb, httpAllowed: config.httpAllowed },
    ...(memoryBudgetMb === undefined ? {} : { memoryBudgetMb }),
    ...{ codeConcurrency, codeTimeoutMs, codeMemoryMb },
  };
}
