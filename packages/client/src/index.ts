export { type CallOptions, type Client, type ClientOptions, createClient } from './client.ts';
export { ApiError, type ClientErrorCode, ConnectionError } from './errors.ts';
export type { ConnectionState, LiveConnection, WatchOptions } from './live.ts';
export type { UploadContent, UploadOptions, UploadProgress } from './upload.ts';
