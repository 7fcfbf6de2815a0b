/**
 * Node's own HTTP, for whoever makes something of it: types are imported as ever. An `import` from `node:http` asks for all that is in it, and
 * has Node load what `fetch` and `WebSocket` need: 3 MB that stay, and a part of each start.
 */
export const { Agent, createServer, request, ServerResponse } = process.getBuiltinModule('node:http');
