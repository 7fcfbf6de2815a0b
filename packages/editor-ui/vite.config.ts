import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds the server. */
const server = process.env.IMAGINARIUM_DEV_SERVER ?? 'http://127.0.0.1:4680';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // Overwrites Vite's defaults, hence the whole list; the first reads workspace packages from their source.
  resolve: { conditions: ['@imaginarium/source', 'module', 'browser', 'development|production'] },
  // Vite's own way over PostCSS warns of a plugin that nobody added, in the first build that a person sees.
  css: { transformer: 'lightningcss' },
  build: {
    // What a first visit may load is held by bundle-size.test.ts, in gzipped bytes; Vite's own limit only alarms whoever builds.
    chunkSizeWarningLimit: 1000,
    outDir: 'dist',
    manifest: true,
    // At /assets people find their pictures.
    assetsDir: 'static',
    target: 'es2022',
    // The server's policy allows no inline code, and a picture inside a script is loaded whether it is seen or not.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      // The server checks the Origin of what changes something: it must see its own.
      '/api': { target: server, changeOrigin: true, headers: { origin: server } },
      '/socket.io': { target: server, changeOrigin: true, ws: true, headers: { origin: server } },
    },
  },
});
