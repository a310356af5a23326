import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';
import { makeIsFirst } from './first-script.ts';
import { emitIcons } from './icon/emit-icons.ts';
import { inlineLimits } from './inline-limits.ts';
import { shortClassName } from './short-class-names.ts';

const isFirst = makeIsFirst('/web/main.tsx');

export default defineConfig({
  plugins: [inlineLimits(), solid(), emitIcons()],
  css: { modules: { generateScopedName: shortClassName } },
  build: {
    target: 'safari17',
    outDir: 'dist',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: (id, graph) => (isFirst(id, graph) ? 'first' : null) }] },
      },
    },
  },
});
