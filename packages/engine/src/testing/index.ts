export * from './check.ts';
export * from './credit-meter-conformance.ts';
export * from './file-store-conformance.ts';
export * from './light-nodes.ts';
export * from './run-harness.ts';
export * from './run-queue-conformance.ts';
export * from './run-store-conformance.ts';
export * from './step-cache-conformance.ts';
