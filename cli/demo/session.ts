/** The recorded session that `sg demo` plays: edits as Claude Code reports them to a hook. */
import { readFile } from 'node:fs/promises';
import { resolve, sep } from 'node:path';

export interface DemoStep {
  readonly label: string;
  /** Whether the agent is to be told something about this edit. */
  readonly expectsTold: boolean;
  /** The hook's input; `{{ROOT}}` is filled in. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly edit: DemoEdit;
}

/** What the edit makes of a file, and what was there before. */
export interface DemoEdit {
  /** Absolute, inside the scratch repository. */
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

export type Session =
  | { readonly ok: true; readonly steps: readonly DemoStep[] }
  | { readonly ok: false; readonly message: string };

/** Reads the session for a scratch repository at `root`. */
export async function readSession(file: string, root: string): Promise<Session> {
  const refused = (message: string): Session => ({ ok: false, message: `${file}: ${message}` });
  let recorded: unknown;
  try {
    const text = await readFile(file, 'utf8');
    recorded = JSON.parse(text.replaceAll('{{ROOT}}', JSON.stringify(root).slice(1, -1)));
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error));
  }
  if (!Array.isArray(recorded) || recorded.length === 0) return refused('expected a list of edits');
  const steps: DemoStep[] = [];
  for (const [index, step] of recorded.entries()) {
    const { label, kind, payload } = record(step);
    if (typeof label !== 'string' || typeof kind !== 'string')
      return refused(`edit ${index} has no label or kind`);
    const fields = record(payload);
    const edit = readEdit(fields, root);
    if (!edit.file.startsWith(root + sep))
      return refused(`edit ${index} is outside of the repository: ${edit.file}`);
    steps.push({ label, expectsTold: !QUIET_KINDS.has(kind), payload: fields, edit });
  }
  return { ok: true, steps };
}

/** Kinds of edits that nothing is to be said about. */
const QUIET_KINDS: ReadonlySet<string> = new Set(['clean', 'near-miss']);

function readEdit(payload: Readonly<Record<string, unknown>>, root: string): DemoEdit {
  const input = record(payload['tool_input']);
  const response = record(payload['tool_response']);
  const file = resolve(root, string(input['file_path']) ?? string(input['notebook_path']) ?? '');
  const before = string(response['originalFile']) ?? string(response['original_file']) ?? '';
  const whole = string(input['content']) ?? string(response['updated_file']);
  if (whole !== undefined) return { file, before, after: whole };
  const edits = Array.isArray(input['edits']) ? input['edits'].map(record) : [input];
  let after = before;
  for (const edit of edits) {
    const old = string(edit['old_string']) ?? '';
    const replacement = string(edit['new_string']) ?? '';
    after =
      edit['replace_all'] === true
        ? after.replaceAll(old, () => replacement)
        : after.replace(old, () => replacement);
  }
  return { file, before, after };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
