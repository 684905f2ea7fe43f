// How the shipped bundles are made: the bench makes one like them, with one thing changed.

export const BUNDLE_OPTIONS = {
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'node20',
  minifySyntax: true,
  packages: 'external',
  loader: { '.lua': 'text', '.c': 'text', '.h': 'text', '.sm': 'text' },
  metafile: true,
  sourcemap: 'linked',
  logLevel: 'warning',
};

/** The script of a page's worker: one file without imports, since a page that is not bundled cannot resolve any for a worker. */
export const PAGE_WORKER_OPTIONS = {
  ...BUNDLE_OPTIONS,
  splitting: false,
  packages: 'bundle',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  sourcemap: false,
  // Fengari's configuration names them, for Node on Windows.
  alias: { os: './playground/no-module.ts' },
  define: { 'process.env.FENGARICONF': 'undefined', 'process.platform': '"browser"' },
};
