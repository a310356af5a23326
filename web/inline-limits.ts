/** Writes the protocol's bounds where they are used, so that the page does not carry all of them. */
import type { Plugin } from 'vite';
import { LIMITS } from '../protocol/limits.ts';

const BOUNDS: Readonly<Record<string, unknown>> = LIMITS;

export const inlineLimits = (): Plugin => ({
  name: 'inline-limits',
  enforce: 'pre',
  transform(code, id) {
    if (!code.includes('LIMITS.') || id.endsWith('/limits.ts')) return null;
    const written = code.replace(/\bLIMITS\.(\w+)/g, (whole, name: string) =>
      name in BOUNDS ? JSON.stringify(BOUNDS[name]) : whole,
    );
    return { code: written, map: null };
  },
});
