/** Payloads as the host writes them, and the forms of older hosts. */
import { randomUUID } from 'node:crypto';
import { ROOT } from './support.ts';

export type Payload = Record<string, unknown>;

export function payload(
  tool: string,
  input: Payload,
  response: unknown,
  more: Payload = {},
): Payload {
  return {
    session_id: 's-1',
    transcript_path: '/home/ada/.claude/projects/x.jsonl',
    cwd: ROOT,
    permission_mode: 'acceptEdits',
    hook_event_name: 'PostToolUse',
    tool_name: tool,
    tool_input: input,
    tool_response: response,
    tool_use_id: `toolu_${randomUUID()}`,
    duration_ms: 3,
    ...more,
  };
}

/** `before` null: the file is created. Undefined: the response does not tell. */
export function write(name: string, content: string, before?: string | null): Payload {
  const filePath = `${ROOT}/${name}`;
  return payload(
    'Write',
    { file_path: filePath, content },
    {
      type: typeof before === 'string' ? 'update' : 'create',
      filePath,
      content,
      structuredPatch: [],
      ...(before === undefined ? {} : { originalFile: before }),
    },
  );
}

export function edit(
  name: string,
  [oldText, newText]: readonly [string, string],
  original?: string | null,
  all = false,
): Payload {
  const filePath = `${ROOT}/${name}`;
  return payload(
    'Edit',
    { file_path: filePath, old_string: oldText, new_string: newText, replace_all: all },
    {
      filePath,
      oldString: oldText,
      newString: newText,
      replaceAll: all,
      ...(original === undefined ? {} : { originalFile: original }),
    },
  );
}

export function multiEdit(
  name: string,
  edits: readonly (readonly [string, string, boolean?])[],
  response: Payload,
): Payload {
  return payload(
    'MultiEdit',
    {
      file_path: `${ROOT}/${name}`,
      edits: edits.map(([old_string, new_string, replace_all]) => ({
        old_string,
        new_string,
        replace_all: replace_all ?? false,
      })),
    },
    response,
  );
}

export function notebook(source: string, response: unknown, cellType = 'code'): Payload {
  return payload(
    'NotebookEdit',
    {
      notebook_path: `${ROOT}/a.ipynb`,
      cell_id: 'c1',
      new_source: source,
      cell_type: cellType,
      edit_mode: 'replace',
    },
    response,
  );
}

export function notebookFile(...sources: readonly string[]): string {
  const cells = sources.map((source, index) => ({
    cell_type: 'code',
    id: `c${index}`,
    metadata: {},
    outputs: [],
    source: source.split(/(?<=\n)/),
  }));
  return JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }, null, 1);
}
