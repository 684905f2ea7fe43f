// How the playground is bundled into dist/playground: static files with relative paths, nothing from elsewhere.
// The machine comes as the package ships it (dist/browser.js): that bundle has the opcode numbers as literals, without
// which the interpreter is several times slower.
import { defineConfig, type Plugin } from 'vite';

/** The machine has a worker of its own already, and starts no other. */
const withoutThreads: Plugin = {
  name: 'without-threads',
  generateBundle(_, bundle) {
    for (const [name, file] of Object.entries(bundle)) {
      const isScript = file.type === 'asset' && file.originalFileNames.some((path) => path.includes('page-worker'));
      if (isScript) delete bundle[name];
    }
  },
};

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
  worker: { format: 'es', plugins: () => [withoutThreads] },
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
