import { NonRetryableError } from '@imaginarium/node-sdk';
import type { InferenceSession, Tensor } from 'onnxruntime-node';

/** A model in memory, and the class that its inputs are made with. */
export interface OpenSession {
  session: InferenceSession;
  Tensor: typeof Tensor;
}

/**
 * Loads a model file into ONNX Runtime.
 * @param file what people call it.
 * @throws {NonRetryableError} when it cannot be run.
 */
export async function openSession(path: string, file: string): Promise<OpenSession> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(path, {
    executionProviders: ['cpu'],
    // Published files print hundreds of warnings about their own weights; errors are thrown.
    logSeverityLevel: 4,
    // Threads that wait for the next tile would otherwise keep a core busy.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  }).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new NonRetryableError(`${file} cannot be run: ${reason}. Use another model.`, { cause });
  });
  return { session, Tensor };
}
