import { NonRetryableError } from '@imaginarium/node-sdk';
import type { InferenceSession, Tensor } from 'onnxruntime-node';

/** A model in memory, and the class that its inputs are made with. */
export interface OpenSession {
  session: InferenceSession;
  Tensor: typeof Tensor;
}

/**
 * Loads a model into ONNX Runtime.
 * @param model the path of its file, or its bytes.
 * @param file what people call it.
 * @throws {NonRetryableError} when it cannot be run.
 */
export async function openSession(model: string | Uint8Array, file: string): Promise<OpenSession> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const options = {
    executionProviders: ['cpu'],
    // Plans of where tensors lie are made for each size of tile and kept, and need half as much again: 47 MB with our own 4x network.
    enableMemPattern: false,
    // Published files print hundreds of warnings about their own weights; errors are thrown.
    logSeverityLevel: 4,
    // Threads that wait for the next tile would otherwise keep a core busy.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  } as const;
  const created =
    typeof model === 'string' ? InferenceSession.create(model, options) : InferenceSession.create(model, options);
  const session = await created.catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new NonRetryableError(`${file} cannot be run: ${reason}. Use another model.`, { cause });
  });
  return { session, Tensor };
}
