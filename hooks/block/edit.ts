/** What an edit is going to do, as if it were done: the payload that inspects itself like one after the edit. */
import { isAbsolute, resolve } from 'node:path';

type Fields = Readonly<Record<string, unknown>>;

/** Text of a file; null where there is none, undefined where it cannot be read. */
export type ReadOriginal = (path: string) => string | null | undefined;

/** Undefined for what is no edit, or one whose file cannot be read. */
export function asDone(input: unknown, readOriginal: ReadOriginal): unknown {
  const event = fieldsOf(input);
  const tool = fieldsOf(event?.['tool_input']);
  if (event?.['hook_event_name'] !== 'PreToolUse' || tool === undefined) return undefined;
  const path = tool['file_path'] ?? tool['notebook_path'];
  if (typeof path !== 'string' || path === '' || path.includes('\0')) return undefined;
  const cwd = typeof event['cwd'] === 'string' ? event['cwd'] : '/';
  const original = readOriginal(isAbsolute(path) ? path : resolve(cwd, path));
  if (original === undefined) return undefined;
  const updated = 'notebook_path' in tool ? updatedNotebook(original ?? '', tool) : undefined;
  return {
    ...event,
    hook_event_name: 'PostToolUse',
    tool_response: {
      originalFile: original,
      ...(updated !== undefined && { updated_file: updated }),
    },
  };
}

/** Undefined for a file or an edit of another form: then the new source is looked at alone. */
function updatedNotebook(original: string, tool: Fields): string | undefined {
  const { cell_id: id, new_source: source, cell_type: type = 'code', edit_mode: mode } = tool;
  let notebook: Fields | undefined;
  try {
    notebook = fieldsOf(JSON.parse(original));
  } catch {
    return undefined;
  }
  const list: unknown = notebook?.['cells'];
  if (!Array.isArray(list)) return undefined;
  const cells = list.map((cell: unknown) => fieldsOf(cell) ?? {});
  const byNumber = /^cell-(\d{1,6})$/.exec(String(id))?.[1];
  const named = cells.findIndex((cell) => cell['id'] === id);
  const at = named < 0 && byNumber !== undefined ? Number(byNumber) : named;
  if (mode === 'insert')
    cells.splice(at + 1, 0, { cell_type: type, source, metadata: {}, outputs: [] });
  else if (at < 0 || at >= cells.length) return undefined;
  else if (mode === 'delete') cells.splice(at, 1);
  else cells[at] = { ...cells[at], source };
  return JSON.stringify({ ...notebook, cells });
}

function fieldsOf(value: unknown): Fields | undefined {
  return isFields(value) ? value : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
