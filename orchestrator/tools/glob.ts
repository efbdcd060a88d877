/** Glob: paths of the commit. */
import { compileGlob } from '../../engine/scope/glob.ts';
import { visible } from '../pack-text.ts';
import type { Redactor } from '../redact.ts';
import type { CommitEntry } from './commit-files.ts';
import type { Fields, ToolInput } from './input.ts';
import type { CommitTexts } from './texts.ts';
import type { Ran } from './tool.ts';

const MAX_PATHS = 300;

export const GLOB_FIELDS: Fields = { pattern: { type: 'string', required: true, max: 500 } };

export const GLOB_WORDS = {
  description: `Paths of the repository that match a glob, at most ${MAX_PATHS}.`,
  fields: {
    pattern:
      'As in .gitignore: "*" and "?" stay within a folder, "**" is any number of folders, "{a,b}" is a choice. Without "/" it is tried on the file\'s name.',
  },
};

export function runGlob(
  input: Extract<ToolInput, { ok: true }>,
  texts: CommitTexts,
  redactor: Pick<Redactor, 'redact'>,
): Ran {
  const found = matching(texts.entries, input.text('pattern') ?? '');
  const lines = found.slice(0, MAX_PATHS).map((entry) => `${visible(entry.path)}${kindOf(entry)}`);
  const more = found.length - lines.length;
  const text =
    found.length === 0
      ? '(no path matches)\n'
      : `${redactor.redact(lines.join('\n'))}\n${more > 0 ? `(and ${more} more: narrow the pattern)\n` : ''}`;
  return { ok: true, text, files: [] };
}

export function matching(entries: readonly CommitEntry[], pattern: string): readonly CommitEntry[] {
  const matches = compileGlob(pattern, { style: 'path' });
  return entries.filter(({ path }) => matches(path));
}

function kindOf({ kind }: CommitEntry): string {
  if (kind === 'link') return ' (symbolic link)';
  return kind === 'submodule' ? ' (submodule)' : '';
}
