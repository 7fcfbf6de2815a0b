export * from './conformance.ts';
export * from './sample.ts';
export * from './test-code.ts';
export * from './test-files.ts';
export * from './test-http.ts';
export * from './test-node.ts';
