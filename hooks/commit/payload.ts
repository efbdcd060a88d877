/** The edge of the hooks after a command and at a stop: what of them says when commits may have been made, and where. */
import { isRecord } from '../record.ts';

export interface CommandPayload {
  readonly sessionId: string | undefined;
  /** Follows the agent's own `cd`. */
  readonly cwd: string | undefined;
  readonly event: 'command' | 'stop';
  /** Empty at a stop. */
  readonly command: string;
  /** Milliseconds that the command took; undefined where the host does not say. */
  readonly durationMs: number | undefined;
  /** Whether it goes on, or may have left something that does. */
  readonly goesOn: boolean;
  /** Whether the host says that nothing runs in the background. */
  readonly isQuiet: boolean;
}

/** Longest part of a command that is looked at, in characters. */
const MAX_COMMAND = 64 * 1024;
/** An `&` that is neither part of `&&` nor of a redirection. */
const LEAVES_BEHIND = /(?:^|[^&>\\])&(?![&>])/;

/** Undefined for what is no payload at all. */
export function decodeCommandPayload(value: unknown): CommandPayload | undefined {
  if (!isRecord(value)) return undefined;
  const text = (field: unknown): string | undefined =>
    typeof field === 'string' && field !== '' && !field.includes('\0') ? field : undefined;
  const input = isRecord(value['tool_input']) ? value['tool_input'] : {};
  const response = isRecord(value['tool_response']) ? value['tool_response'] : {};
  const command = (text(input['command']) ?? '').slice(0, MAX_COMMAND);
  const { duration_ms: duration, background_tasks: tasks } = value;
  const isDuration = typeof duration === 'number' && duration >= 0 && Number.isFinite(duration);
  return {
    sessionId: text(value['session_id']),
    cwd: text(value['cwd']),
    event: value['hook_event_name'] === 'Stop' ? 'stop' : 'command',
    command,
    durationMs: isDuration ? duration : undefined,
    goesOn:
      input['run_in_background'] === true ||
      text(response['backgroundTaskId']) !== undefined ||
      LEAVES_BEHIND.test(command),
    isQuiet: Array.isArray(tasks) && tasks.length === 0,
  };
}
