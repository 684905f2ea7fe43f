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
