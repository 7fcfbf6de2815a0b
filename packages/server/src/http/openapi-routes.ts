import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Router } from 'express';
import { openApiDocument } from './openapi.ts';

/** Serves the API's own description, and a page to read it by. Both are public: they hold nothing of anybody's. */
export function openApiRoutes(router: Router): void {
  let document: string | undefined;
  router.get('/openapi.json', (_req, res) => {
    document ??= JSON.stringify(openApiDocument());
    res.type('application/json').send(document);
  });

  const viewer = findViewer();
  router.get('/reference', (_req, res) => {
    res.setHeader('content-security-policy', REFERENCE_POLICY);
    res.type('html').send(viewer ? PAGE : PAGE_WITHOUT_VIEWER);
  });
  router.get('/reference/start.js', (_req, res) => {
    res.type('js').send(START);
  });
  if (viewer) {
    router.get('/reference/viewer.js', (_req, res) => {
      res.sendFile(viewer, { maxAge: '1h', dotfiles: 'allow' });
    });
  }
}

/** The viewer is one large browser file: beside the compiled server when published, among the development packages in a checkout. */
function findViewer(): string | undefined {
  const beside = fileURLToPath(new URL('../reference-viewer.js', import.meta.url));
  if (existsSync(beside)) return beside;
  try {
    const entry = createRequire(import.meta.url).resolve('@scalar/api-reference');
    const inPackage = entry.replace(/([\\/])dist[\\/].*$/, '$1dist$1browser$1standalone.js');
    return existsSync(inPackage) ? inPackage : undefined;
  } catch {
    return undefined;
  }
}

/** The page may execute the viewer and nothing else, and speak to this server only. */
const REFERENCE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Imaginarium API</title>
<link rel="icon" href="data:,">
</head>
<body>
<main id="reference"></main>
<script src="reference/viewer.js"></script>
<script src="reference/start.js"></script>
</body>
</html>
`;

const START = `Scalar.createApiReference('#reference', {
  url: 'openapi.json',
  withDefaultFonts: false,
  hideClientButton: true,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: 'never',
});
`;

const PAGE_WITHOUT_VIEWER = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Imaginarium API</title></head>
<body><main>
<h1>Imaginarium API</h1>
<p>The viewer is not installed here. The description itself is at <a href="openapi.json">openapi.json</a>;
any OpenAPI 3.1 viewer reads it.</p>
</main></body>
</html>
`;
