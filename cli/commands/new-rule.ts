/** `sg new-rule`: a rule file to start from, which passes `sg test` as it is. */
import { TEXT_OR_JSON } from '../format-option.ts';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { defineCommand, usageError } from '../command.ts';
import type { Command } from '../command.ts';
import { escapeControls } from '../escape.ts';
import { CLEAN, TROUBLE } from '../exit.ts';
import { SCHEMA_FILE, schemaText } from '../../host/rules/schema.ts';
import { quote } from '../options.ts';

const OPTIONS = {
  dir: {
    type: 'value',
    short: 'd',
    placeholder: 'DIR',
    default: '.claude/security-rules',
    description: 'folder of the new file',
  },
  format: TEXT_OR_JSON,
} as const;

const ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const MAX_ID = 64;

export const command: Command = defineCommand({
  usage: 'ID',
  details: [
    'Writes DIR/ID.yaml, with a pattern and examples to replace, and rules.schema.json beside it, by which an editor completes and checks the fields. An existing rule is never overwritten.',
  ],
  options: OPTIONS,
  positionals: { name: 'ID', min: 1, max: 1 },
  examples: [
    { command: 'sg new-rule no-raw-sql', does: 'write .claude/security-rules/no-raw-sql.yaml' },
    { command: 'sg test .claude/security-rules', does: 'then run its examples' },
  ],
  async run(values, [id = ''], io) {
    if (!ID.test(id) || id.length > MAX_ID) {
      return usageError(
        `the id is ${quote(id)}, expected lower-case words joined by hyphens, at most ${MAX_ID} characters, such as "no-raw-sql"`,
      );
    }
    const folder = resolve(io.cwd, values.dir);
    const file = join(folder, `${id}.yaml`);
    const shown = relative(io.cwd, file) || file;
    try {
      await mkdir(folder, { recursive: true });
      // `wx` refuses a file that is there, also one that appears this moment.
      await writeFile(file, scaffold(id), { flag: 'wx' });
      await writeFile(join(folder, SCHEMA_FILE), schemaText());
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      const reason =
        code === 'EEXIST'
          ? 'it is there already; choose another id or remove it first'
          : String(error);
      await io.stderr.write(
        `sg new-rule: cannot write ${escapeControls(shown)}: ${escapeControls(reason)}\n`,
      );
      return TROUBLE;
    }
    const text = `Wrote ${escapeControls(shown)}.\nEdit it, then run its examples: sg test ${escapeControls(shown)}\n`;
    await io.stdout.write(
      values.format === 'json' ? `${JSON.stringify({ id, file: shown }, null, 2)}\n` : text,
    );
    return CLEAN;
  },
});

/** A complete rule; comments say what each field is for. */
function scaffold(id: string): string {
  return `# yaml-language-server: $schema=./${SCHEMA_FILE}
id: ${id}
title: Call of dangerousCall with something that is not a literal
severity: medium        # low, medium, high or critical: harm if the finding is true
confidence: medium      # low, medium or high: chance that it is; only high speaks at each edit
cwe: CWE-94
languages: [javascript, typescript]
in: code                # where a match begins: code, string, comment or any
patterns:               # RE2 syntax: no lookaround, no backreferences
  - '\\bdangerousCall\\s*\\('
unless:                 # cancels a match; within: match, line, call, statement, block or file;
                        # near and before also take a number of lines
  - within: call
    pattern: '\\(\\s*"[^"]*"\\s*\\)'
message:
  what: dangerousCall runs its argument as code.
  why: Whoever controls the argument controls the process.
  fix: Use safeCall, which takes data only.
# references:           # pages of a vendor's documentation
#   - https://example.org/
examples:
  match:
    - 'dangerousCall(input)'
    - 'await dangerousCall("a" + input)'
  no-match:
    - 'dangerousCall("a literal")'
    - 'notDangerousCall(input)'
`;
}
