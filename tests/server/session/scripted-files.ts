/** The part of the scripted core that writes files: keeps what was asked for, and a test answers. */
import type { CoreExport } from '../../../server/session/core/port.ts';
import { ScriptedPlugins } from './scripted-plugins.ts';

export class ScriptedFiles extends ScriptedPlugins {
  /** Exports that were begun. */
  readonly exported: CoreExport[] = [];
  readonly cancelledExports: number[] = [];
  /** Loops that are to have files, ids as words, joined; a test answers. */
  readonly filed: string[] = [];
  exportCode = 0;
  formats = 0b111;

  fileLoop(id: readonly number[]): number {
    this.filed.push(id.join());
    return 0;
  }

  exportFormats(): number {
    return this.formats;
  }

  startExport(job: CoreExport): number {
    this.exported.push(job);
    return this.exportCode;
  }

  cancelExport(job: number): number {
    this.cancelledExports.push(job);
    return 0;
  }
}
