/**
 * The edge: what the host writes on stdin becomes a typed edit here, or a reason why it is none.
 * Every field is checked; nothing past this file sees an unchecked value.
 */

const EDIT_TOOLS = ['Write', 'Edit', 'MultiEdit', 'NotebookEdit'] as const;
type EditTool = (typeof EDIT_TOOLS)[number];

/** One literal replacement, as the editing tools make it. */
export interface Replacement {
  readonly oldText: string;
  readonly newText: string;
  readonly all: boolean;
}

/** One hunk of the host's patch: its lines begin with `+`, `-` or a space. */
export interface PatchHunk {
  /** 1-based first line in the new text. */
  readonly newStart: number;
  readonly lines: readonly string[];
}

/** `null`: the file did not exist. Undefined: the host does not say. */
export type Original = string | null | undefined;

export type Edit =
  | { readonly kind: 'write'; readonly content: string }
  | { readonly kind: 'replace'; readonly attempts: readonly (readonly Replacement[])[] }
  | {
      readonly kind: 'notebook';
      readonly source: string;
      readonly updated: string | undefined;
      readonly isCode: boolean;
    };

export interface EditPayload {
  readonly kind: 'edit';
  readonly tool: EditTool;
  /** As sent: usually absolute. */
  readonly path: string;
  readonly cwd: string | undefined;
  readonly sessionId: string | undefined;
  readonly toolUseId: string | undefined;
  readonly original: Original;
  readonly patch: readonly PatchHunk[];
  readonly edit: Edit;
}

/** `other`: nothing to check, which is no error: another event or tool. `malformed` names the field. */
export type Decoded = EditPayload | { readonly kind: 'other' } | Malformed;

interface Malformed {
  readonly kind: 'malformed';
  readonly reason: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The host's ids have 30 characters. */
const MAX_ID = 200;

const NOTHING: Fields = Object.freeze({});

/** Decodes a hook payload that JSON.parse accepted. */
export function decodePayload(payload: unknown): Decoded {
  const event = fields(payload);
  if (event === undefined) return malformed('the payload', payload, 'an object');
  if (event['hook_event_name'] !== 'PostToolUse') return { kind: 'other' };
  const tool = EDIT_TOOLS.find((each) => each === event['tool_name']);
  if (tool === undefined) return { kind: 'other' };
  const input = fields(event['tool_input']);
  if (input === undefined) return malformed('tool_input', event['tool_input'], 'an object');
  const response = fields(event['tool_response']) ?? NOTHING;
  const pathField = tool === 'NotebookEdit' ? 'notebook_path' : 'file_path';
  const path = input[pathField] ?? response['filePath'] ?? response['file_path'];
  if (typeof path !== 'string' || path === '' || path.includes('\0')) {
    return malformed(`tool_input.${pathField}`, path, 'a path');
  }
  const edit = DECODERS[tool](input, response);
  if (edit.kind === 'malformed') return edit;
  return {
    kind: 'edit',
    tool,
    path,
    cwd: text(event['cwd']) || undefined,
    sessionId: text(event['session_id']) || undefined,
    toolUseId: text(event['tool_use_id'])?.slice(0, MAX_ID) || undefined,
    original: originalOf(response),
    patch: hunks(response['structuredPatch'] ?? response['structured_patch']),
    edit,
  };
}

type EditDecoder = (input: Fields, response: Fields) => Edit | Malformed;

const DECODERS: Readonly<Record<EditTool, EditDecoder>> = {
  Write(input, response) {
    const content = text(input['content']) ?? text(response['content']);
    if (content === undefined) return malformed('tool_input.content', input['content'], 'text');
    return { kind: 'write', content };
  },
  Edit(input, response) {
    // The response holds the text as found in the file; the input as the model wrote it.
    const attempts = [replacement(response, input), replacement(input, response)];
    const usable = attempts.filter((each) => each !== undefined);
    if (usable.length > 0) return { kind: 'replace', attempts: usable.map((each) => [each]) };
    return malformed('tool_input.new_string', input['new_string'], 'text');
  },
  MultiEdit(input, response) {
    const edits = list(input['edits']) ?? list(response['edits']);
    if (edits === undefined) return malformed('tool_input.edits', input['edits'], 'a list');
    const usable = edits.map((each) => replacement(fields(each) ?? NOTHING, NOTHING));
    return { kind: 'replace', attempts: [usable.filter((each) => each !== undefined)] };
  },
  NotebookEdit(input, response) {
    const source = text(input['new_source']) ?? text(response['new_source']);
    const updated = text(response['updated_file'] ?? response['updatedFile']);
    if (source === undefined && updated === undefined) {
      return malformed('tool_input.new_source', input['new_source'], 'text');
    }
    const cell = input['cell_type'] ?? response['cell_type'];
    return { kind: 'notebook', source: source ?? '', updated, isCode: cell !== 'markdown' };
  },
};

/** A missing `old_string` is an empty one: the whole of `new_string` is new. */
function replacement(from: Fields, other: Fields): Replacement | undefined {
  const newText = text(from['newString'] ?? from['new_string']);
  if (newText === undefined) return undefined;
  const all = [from, other].some(
    (each) => each['replaceAll'] === true || each['replace_all'] === true,
  );
  return { oldText: text(from['oldString'] ?? from['old_string']) ?? '', newText, all };
}

function originalOf(response: Fields): Original {
  for (const name of ['originalFile', 'original_file', 'originalFileContents']) {
    const value = response[name];
    if (typeof value === 'string' || value === null) return value;
  }
  return response['type'] === 'create' ? null : undefined;
}

function hunks(value: unknown): PatchHunk[] {
  const found: PatchHunk[] = [];
  for (const each of list(value) ?? []) {
    const hunk = fields(each) ?? NOTHING;
    const start = hunk['newStart'];
    const lines = list(hunk['lines']);
    if (lines === undefined || typeof start !== 'number' || !Number.isSafeInteger(start)) continue;
    found.push({ newStart: start, lines: lines.filter((line) => typeof line === 'string') });
  }
  return found;
}

function fields(value: unknown): Fields | undefined {
  return isFields(value) ? value : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Says the type that was got and never the value, which may be code. */
function malformed(field: string, got: unknown, expected: string): Malformed {
  const type = got === null ? 'null' : Array.isArray(got) ? 'a list' : typeof got;
  return { kind: 'malformed', reason: `${field}: got ${type}, expected ${expected}` };
}
