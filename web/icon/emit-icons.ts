/** Home screens take no SVG: the page is built with its sign in the sizes they ask for. */
import type { Plugin } from 'vite';
import { drawIcon, type IconLook } from './draw-icon.ts';
import { encodePng } from './encode-png.ts';

const ROUND = 14 / 64;

/** A mask may cut down to a circle of 80 %: there the sign is smaller and the night goes to the edge. */
export const ICONS: Readonly<Record<string, IconLook>> = {
  'icon-192.png': { sizePx: 192, signScale: 1, cornerRadius: ROUND },
  'icon-512.png': { sizePx: 512, signScale: 1, cornerRadius: ROUND },
  'icon-512-maskable.png': { sizePx: 512, signScale: 0.9, cornerRadius: 0 },
  'apple-touch-icon.png': { sizePx: 180, signScale: 1, cornerRadius: 0 },
};

export const emitIcons = (): Plugin => ({
  name: 'emit-icons',
  apply: 'build',
  async generateBundle() {
    for (const [fileName, look] of Object.entries(ICONS)) {
      const source = await encodePng(drawIcon(look), look.sizePx);
      this.emitFile({ type: 'asset', fileName, source });
    }
  },
});
