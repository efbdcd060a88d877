/** Edits as the host tells a hook of them. */
import { join } from 'node:path';
import type { Scratch } from './scratch.ts';

export interface Edit {
  /** Below the project. */
  readonly path: string;
  readonly content: string;
  /** Text of the file before; absent for a new one. */
  readonly original?: string;
}

/** `serial` is different for each edit. A session is told each thing once: without `session` each edit has one of its own. */
export function payloadOf(
  scratch: Scratch,
  edit: Edit,
  serial: number,
  session = `bench-${serial}`,
): string {
  const { content, original } = edit;
  const filePath = join(scratch.project, edit.path);
  return `${JSON.stringify({
    session_id: session,
    transcript_path: join(scratch.root, 'transcript.jsonl'),
    cwd: scratch.project,
    hook_event_name: 'PostToolUse',
    tool_name: 'Write',
    tool_input: { file_path: filePath, content },
    tool_response: {
      type: original === undefined ? 'create' : 'update',
      filePath,
      content,
      structuredPatch: [],
      originalFile: original ?? null,
    },
    tool_use_id: `toolu_bench_${String(serial).padStart(12, '0')}`,
  })}\n`;
}

/** Numbers from 1: one for each edit of a run. */
export function* serials(): Generator<number, never> {
  for (let serial = 1; ; serial++) yield serial;
}
