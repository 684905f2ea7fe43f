// How the playground is bundled into dist/playground: static files with relative paths, nothing from elsewhere.
// The machine comes as the package ships it (dist/browser.js): that bundle has the opcode numbers as literals, without
// which the interpreter is several times slower.
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  publicDir: false,
  resolve: {
    alias: {
      'gazelle/browser': `${import.meta.dirname}/../dist/browser.js`,
      // Fengari's configuration names it, for Node on Windows.
      os: `${import.meta.dirname}/no-module.ts`,
    },
  },
  worker: { format: 'es' },
  build: {
    outDir: `${import.meta.dirname}/../dist/playground`,
    emptyOutDir: true,
    target: 'es2022',
    // Neither scripts nor data in the page itself: the page's policy forbids them.
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
  },
});
