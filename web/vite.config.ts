import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';
import { shortClassName } from './short-class-names.ts';

export default defineConfig({
  plugins: [solid()],
  css: { modules: { generateScopedName: shortClassName } },
  build: {
    target: 'safari17',
    outDir: 'dist',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // One style sheet: it compresses better whole than in parts.
    cssCodeSplit: false,
  },
});
