import { join } from 'node:path';
import express, { type Router } from 'express';
import { HttpError } from './http-error.ts';

const ONE_YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/**
 * Serves the built editor: its hashed scripts and styles for ever, its one page at every address of the app.
 * @param folder of the build; null when there is none, which a page then says.
 */
export function staticRouter(folder: string | null): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  if (folder !== null) {
    const hashed = { immutable: true, maxAge: ONE_YEAR_MS, index: false, redirect: false };
    router.use('/static', express.static(join(folder, 'static'), hashed));
    router.use(express.static(folder, { index: false, redirect: false, maxAge: 0 }));
  }
  router.use((req, res) => {
    const isPage =
      (req.method === 'GET' || req.method === 'HEAD') && !/\.\w+$|^\/(api|socket\.io|static)(\/|$)/.test(req.path);
    if (!isPage) throw new HttpError('not-found', `There is nothing at ${req.path.slice(0, 200)}.`);
    res.setHeader('cache-control', 'no-cache');
    if (folder === null) res.status(503).type('html').send(NOT_BUILT);
    else res.sendFile(join(folder, 'index.html'), { cacheControl: false, dotfiles: 'allow' });
  });
  return router;
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Imaginarium</title></head>
<body><main>
<h1>The editor is not built</h1>
<p>The server runs, and its API answers. Build the editor with <code>npm run build</code>, then start the server again.</p>
<p><a href="/api/v1/reference">API reference</a></p>
</main></body>
</html>
`;
