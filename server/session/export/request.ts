/** What both kinds of export have in common. */
import { type ExportFormat, EXPORT_FORMAT } from '../../../protocol/abi.ts';
import type { CommandOf } from '../../../protocol/commands.ts';
import type { SessionContext } from '../context.ts';
import type { CoreExport } from '../core/port.ts';
import { safeName } from './safe-name.ts';

export type ExportCommand = CommandOf<'EXPORT'>;

/** An export that can be begun once its sounds are in memory. */
export interface ExportRequest {
  readonly label: string;
  readonly core: Omit<CoreExport, 'job' | 'folder' | 'gaps'>;
  /** Loops to be in memory. */
  readonly takeIds: readonly string[];
  /** In which it was asked for. */
  readonly sessionId: string;
  /** Whose gaps are to be told; null = of none. */
  readonly runId: string | null;
}

const SESSION_BYTES_MAX = 80;

export const sessionName = ({ state }: SessionContext): string =>
  safeName(state.meta.sessionName, SESSION_BYTES_MAX, 'Session');

export const formatOf = (format: ExportFormat): number => EXPORT_FORMAT[format];

/** Members of a JSON object, without its braces. */
export const members = (object: object): string => JSON.stringify(object).slice(1, -1);

/** What any export says of itself. */
export const aboutSession = (context: SessionContext, command: ExportCommand) => ({
  made: new Date(context.wallClock()).toISOString(),
  session: { id: context.state.meta.sessionId, name: context.state.meta.sessionName },
  format: command.format,
});
