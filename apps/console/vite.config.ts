import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Beside every asset the same in gzip and Brotli: it is compressed once, and not for each who asks. */
const compressed: Plugin = {
  name: 'compressed',
  writeBundle({ dir }) {
    for (const file of globSync(`${dir}/assets/*.{js,css,svg}`)) {
      const bytes = readFileSync(file);
      writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
      writeFileSync(`${file}.br`, brotliCompressSync(bytes));
    }
  },
};

/** Two entries: pages at sign-in, which are small, and everything for who is signed in. */
export default defineConfig({
  root: at('src'),
  publicDir: false,
  plugins: [compressed],
  // React as it is written, Preact as it runs: it is a sixth of it, and sign-in pages have 60 kB (docs/decisions/0016)
  resolve: {
    alias: {
      'react/jsx-runtime': 'preact/jsx-runtime',
      'react-dom/client': 'preact/compat/client',
      'react-dom': 'preact/compat',
      react: 'preact/compat',
    },
  },
  esbuild: { jsx: 'automatic' },
  build: {
    outDir: at('dist/pages'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // nothing inside a page that a content security policy would have to allow
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { 'sign-in': at('src/sign-in.html'), console: at('src/console.html') },
      onwarn: (warning, warn) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && warn(warning), // "use client", of the icons
    },
  },
});
