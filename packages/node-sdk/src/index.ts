export type {
  FileKind,
  FileRef,
  Item,
  Json,
  JsonObject,
  LogLevel,
  NodeDescription,
  NodeGroup,
  ParamSpec,
  PortSpec,
  Role,
} from '@imaginarium/protocol';
export { isFileRef, modelEntrySchema, modelSpeedSchema } from '@imaginarium/protocol';
export * from './code.ts';
export * from './context.ts';
export * from './define-loop.ts';
export * from './define-node.ts';
export * from './define-package.ts';
export * from './define-trigger.ts';
export * from './errors.ts';
export * from './http.ts';
export * from './model-kit.ts';
export * from './param.ts';
export * from './port.ts';
export * from './wait.ts';
