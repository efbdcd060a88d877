/** Read: lines of one file of the commit. */
import type { Fields, ToolInput } from './input.ts';
import { excerpt } from './lines.ts';
import { readPath } from './path.ts';
import type { CommitTexts } from './texts.ts';
import type { Ran } from './tool.ts';
import { failed } from './tool.ts';

const MAX_LINES = 600;
const MAX_BYTES = 32_000;

export const READ_FIELDS: Fields = {
  path: { type: 'string', required: true, max: 4096 },
  from: { type: 'integer', required: false, max: 10_000_000 },
  lines: { type: 'integer', required: false, max: MAX_LINES },
};

export const READ_WORDS = {
  description: `Lines of a file, each with its number and a bar. At most ${MAX_LINES} lines and ${MAX_BYTES} bytes at once.`,
  fields: {
    path: 'The file, relative to the root of the repository.',
    from: 'First line, 1 when absent.',
    lines: `How many lines, ${MAX_LINES} when absent.`,
  },
};

export async function runRead(
  input: Extract<ToolInput, { ok: true }>,
  texts: CommitTexts,
): Promise<Ran> {
  const asked = readPath(input.text('path') ?? '');
  if (!asked.ok) return failed(asked.reason);
  const { path } = asked;
  if (texts.entry(path) === undefined && texts.isFolder(path))
    return failed(`${JSON.stringify(path)} is a folder: list it with Glob`);
  const file = await texts.text(path);
  if (file.kind === 'none') return failed(`${JSON.stringify(path)} is not shown: ${file.reason}`);
  const count = file.lines.length;
  if (count === 0) return { ok: true, text: '(the file is empty)\n', files: [path] };
  const from = input.number('from') ?? 1;
  if (from > count) return failed(`${JSON.stringify(path)} has ${count} lines`);
  const { text, end } = excerpt(file.lines, from - 1, {
    lines: input.number('lines') ?? MAX_LINES,
    bytes: MAX_BYTES,
  });
  const more = end < count ? ` Read on from line ${end + 1}.` : '';
  return { ok: true, text: `${text}(lines ${from}-${end} of ${count}.${more})\n`, files: [path] };
}
