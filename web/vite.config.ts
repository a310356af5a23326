import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';

export default defineConfig({
  plugins: [solid()],
  // Short class names: they travel twice, in the style sheet and in the script.
  css: { modules: { generateScopedName: '[hash:base64:4]' } },
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
