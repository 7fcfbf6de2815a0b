import { API_PREFIX, routes } from '@imaginarium/protocol';

/** The path at which a program asks how an upscale stands. */
export function upscaleUrl(versionId: string): string {
  return `${API_PREFIX}${routes.getUpscale.path.replace(':id', versionId)}`;
}

/** The path at which a program asks how all pictures of a run stand. */
export function batchUrl(runId: string): string {
  return `${API_PREFIX}${routes.getUpscaleBatch.path.replace(':id', runId)}`;
}
