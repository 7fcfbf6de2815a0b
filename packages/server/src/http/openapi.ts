import {
  API_PREFIX,
  apiKeySchema,
  assetSchema,
  assetSummarySchema,
  assetVersionSchema,
  ERRORS,
  errorBodySchema,
  failureSchema,
  fileRefSchema,
  graphSchema,
  itemSchema,
  type Json,
  type JsonObject,
  nodeDescriptionSchema,
  nodePackageSchema,
  problemSchema,
  quoteSchema,
  type Route,
  routes,
  runChangesSchema,
  runDetailSchema,
  runEventSchema,
  runSchema,
  sessionSchema,
  setupStateSchema,
  stepSchema,
  storedFileSchema,
  upscaleSchema,
  userSchema,
  workflowSchema,
  workflowSummarySchema,
  workflowVersionSchema,
} from '@imaginarium/protocol';
import { z } from 'zod';

/** The schemas that the document names; everything else is written out where it is used. */
const NAMED: Readonly<Record<string, z.ZodType>> = {
  ApiKey: apiKeySchema,
  Asset: assetSchema,
  AssetSummary: assetSummarySchema,
  AssetVersion: assetVersionSchema,
  Error: errorBodySchema,
  Failure: failureSchema,
  FileRef: fileRefSchema,
  Graph: graphSchema,
  Item: itemSchema,
  NodeDescription: nodeDescriptionSchema,
  NodePackage: nodePackageSchema,
  Problem: problemSchema,
  Quote: quoteSchema,
  Run: runSchema,
  RunChanges: runChangesSchema,
  RunDetail: runDetailSchema,
  RunEvent: runEventSchema,
  Session: sessionSchema,
  SetupState: setupStateSchema,
  Step: stepSchema,
  StoredFile: storedFileSchema,
  Upscale: upscaleSchema,
  User: userSchema,
  Workflow: workflowSchema,
  WorkflowSummary: workflowSummarySchema,
  WorkflowVersion: workflowVersionSchema,
};

const REF = '#/components/schemas/';

/** The API as an OpenAPI 3.1 document, written from the same routes and schemas that the server answers by. */
export function openApiDocument(): JsonObject {
  const answers = new SchemaWriter('output');
  const requests = new SchemaWriter('input');
  for (const [name, schema] of Object.entries(NAMED)) answers.name(name, schema);
  const paths: Record<string, JsonObject> = {};
  const components = () => ({ ...requests.write(), ...answers.write() });
  for (const [name, route] of Object.entries(routes) as [string, Route][]) {
    const title = name.charAt(0).toUpperCase() + name.slice(1);
    if (route.params) requests.name(`${title}Params`, route.params);
    if (route.query) requests.name(`${title}Query`, route.query);
    if (route.body && route.body !== 'bytes') requests.name(`${title}Body`, route.body);
    if (route.response && route.response !== 'bytes') answers.name(`${title}Answer`, route.response);
  }
  const schemas = components();
  for (const [name, route] of Object.entries(routes) as [string, Route][]) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(name, route, schemas, answers, requests) };
  }
  for (const name of Object.keys(schemas)) if (/(Params|Query)$/.test(name) && !(name in NAMED)) delete schemas[name];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Imaginarium',
      version: '1',
      description: introduction(),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: API_PREFIX }],
    security: [{ apiKey: [] }, { session: [] }],
    tags: [...new Set(Object.values(routes).map((route) => route.tag))].map((tag) => ({ name: tag })),
    paths,
    components: {
      schemas,
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: img_...' },
        session: { type: 'apiKey', in: 'cookie', name: 'imaginarium.sid' },
      },
    },
  };
}

/** What the reference says first: how to sign in, and every error there is. */
function introduction(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { status, retry }]) => `| \`${code}\` | ${status} | ${retry ? 'yes' : 'no'} |`,
  );
  return [
    'Image workflows over HTTP. Sign in with a session, or send an API key: `Authorization: Bearer img_...`.',
    'A request that cannot be answered gets the shape `Error`. A run or step that failed carries one of the same codes.',
    ['| code | status | may succeed later |', '| --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
}

function operation(
  name: string,
  route: Route,
  schemas: Record<string, JsonObject>,
  answers: SchemaWriter,
  requests: SchemaWriter,
): JsonObject {
  const parameters = [
    ...parametersOf('path', route.params && schemas[requests.nameOf(route.params)]),
    ...parametersOf('query', route.query && schemas[requests.nameOf(route.query)]),
    ...(route.status === 202 ? [IDEMPOTENCY_KEY] : []),
  ];
  const { response, body } = route;
  const content: JsonObject | undefined =
    response === undefined
      ? undefined
      : response === 'bytes'
        ? { '*/*': {} }
        : { 'application/json': { schema: { $ref: REF + answers.nameOf(response) } } };
  return {
    operationId: name,
    summary: route.summary,
    tags: [route.tag],
    ...(route.access === 'public' ? { security: [] } : { description: `Needs the role ${route.access}.` }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content:
              body === 'bytes'
                ? { 'application/octet-stream': {} }
                : { 'application/json': { schema: { $ref: REF + requests.nameOf(body) } } },
          },
        }),
    responses: {
      [String(route.status ?? (response === undefined ? 204 : 200))]: {
        description: route.summary,
        ...(content ? { content } : {}),
      },
      default: {
        description: 'What was refused, and why',
        content: { 'application/json': { schema: { $ref: `${REF}Error` } } },
      },
    },
  };
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'A repeat of the request with the same key is answered with the first run.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

function parametersOf(place: 'path' | 'query', schema: JsonObject | undefined): JsonObject[] {
  const required = (schema?.required ?? []) as string[];
  return Object.entries((schema?.properties ?? {}) as JsonObject).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

/** Collects schemas by name and writes them as JSON Schema that refers to one another by those names. */
class SchemaWriter {
  readonly #registry = z.registry<{ id: string }>();
  readonly #io: 'input' | 'output';

  constructor(io: 'input' | 'output') {
    this.#io = io;
  }

  /** A schema that has a name keeps it. */
  name(id: string, schema: z.ZodType): void {
    if (!this.#registry.has(schema)) this.#registry.add(schema, { id });
  }

  nameOf(schema: z.ZodType): string {
    const named = this.#registry.get(schema);
    if (!named) throw new Error('A schema of a route has no name.');
    return named.id;
  }

  write(): Record<string, JsonObject> {
    const { schemas } = z.toJSONSchema(this.#registry, { uri: (id) => REF + id, io: this.#io, unrepresentable: 'any' });
    const written: Record<string, JsonObject> = {};
    for (const [id, schema] of Object.entries(schemas as Record<string, JsonObject>)) {
      if (id === '__shared') continue;
      const { $schema: _schema, $id: _id, ...rest } = schema;
      written[id] = withJsonRefs(rest) as JsonObject;
    }
    return { Json: JSON_VALUE, ...written };
  }
}

/** The only schema that refers to itself without a name is "any JSON value": it gets the name Json. */
function withJsonRefs(value: Json): Json {
  if (Array.isArray(value)) return value.map(withJsonRefs);
  if (typeof value !== 'object' || value === null) return value;
  if (typeof value.$ref === 'string' && value.$ref.includes('__shared')) return { $ref: `${REF}Json` };
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withJsonRefs(entry)]));
}

const JSON_VALUE: JsonObject = { description: 'Any JSON value.' };
