// Sets the remembered theme before the first paint. The app takes over from here: src/app/theme-mode.ts.
(() => {
  let mode = null;
  try {
    mode = localStorage.getItem('imaginarium:theme');
  } catch {}
  const dark = mode === 'dark' || (mode !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
