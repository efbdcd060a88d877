/** `sg lint-rules`: what is wrong, costly or without effect in rule files, with its place. */
import { statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { ADVICE_CODES } from '../../engine/lint/advice.ts';
import type { Advice } from '../../engine/lint/advice.ts';
import { adviseRule } from '../../engine/lint/rule.ts';
import { adviseTwins } from '../../engine/lint/twins.ts';
import type { Rule } from '../../engine/rule.ts';
import { reasonOf } from '../../host/files/reason.ts';
import { findRuleFiles } from '../../host/rules/files.ts';
import { defineCommand, usageError } from '../command.ts';
import type { Command } from '../command.ts';
import { CLEAN, FINDINGS } from '../exit.ts';
import { TEXT_OR_JSON } from '../format-option.ts';
import type { Io } from '../io.ts';
import { isAccepted } from '../lint/accepted.ts';
import { diagnosticText } from '../lint/diagnostic.ts';
import type { Diagnostic } from '../lint/diagnostic.ts';
import type { LintedFile } from '../lint/rule-file.ts';
import { quote } from '../options.ts';
import { createStyle } from '../style.ts';
import type { Style } from '../style.ts';
import { counted } from '../words.ts';

export const command: Command = defineCommand({
  usage: '[files…]',
  details: [
    "Takes rule files and folders of them; without an argument the project's own rules, in .claude. Tries the examples, and looks at what patterns cost and at conditions that have no effect.",
    `Warnings: ${Object.keys(ADVICE_CODES).join(', ')}. A comment \`# sg-lint-ignore: CODE -- REASON\` on the line or above it accepts a warning.`,
    'Exit code: 0 without errors, 1 with one (with --strict also for a warning), 2 when a file cannot be found.',
  ],
  options: {
    strict: {
      type: 'flag',
      description: 'ask of rules what built-in ones must give, and fail for warnings',
    },
    notes: { type: 'flag', description: 'show notes as well: patterns that no example tries' },
    format: TEXT_OR_JSON,
  },
  positionals: { name: 'files', min: 0, max: Infinity },
  examples: [
    { command: 'sg lint-rules', does: "check the project's own rules" },
    { command: 'sg lint-rules --strict rules', does: 'check rules that are to be built in' },
  ],
  async run({ strict, notes, format }, names, io) {
    const found = filesToLint(names, io.cwd, (await import('../scan/rule-files.ts')).filesAt);
    if (!found.ok) return usageError(found.message);
    const { rules, files, diagnostics: all } = await lint(found.files, strict, io);
    const diagnostics = all.filter(({ level }) => notes || level !== 'note');
    const count = (level: Diagnostic['level']): number =>
      diagnostics.filter((one) => one.level === level).length;
    const summary = {
      files: files.size,
      rules: rules.length,
      errors: count('error'),
      warnings: count('warning'),
    };
    await io.stdout.write(
      format === 'json'
        ? `${JSON.stringify({ version: 1, summary, diagnostics }, null, 2)}\n`
        : lintText(diagnostics, files, summary, createStyle(io.stdout.color)),
    );
    return summary.errors > 0 || (strict && summary.warnings > 0) ? FINDINGS : CLEAN;
  },
});

type Found =
  | { readonly ok: true; readonly files: readonly string[] }
  | { readonly ok: false; readonly message: string };

function filesToLint(
  names: readonly string[],
  cwd: string,
  filesAt: (path: string) => string[],
): Found {
  if (names.length === 0) {
    const files = findRuleFiles({ projectDir: cwd }).map(({ path }) => path);
    const message = 'there is no rule file in .claude; name files or folders: sg lint-rules FILE';
    return files.length === 0 ? { ok: false, message } : { ok: true, files };
  }
  const files: string[] = [];
  for (const name of names) {
    try {
      statSync(resolve(cwd, name));
      const inside = filesAt(resolve(cwd, name));
      if (inside.length === 0)
        return {
          ok: false,
          message: `${quote(name)} holds no rule file; expected *.yaml or *.yml`,
        };
      files.push(...inside);
    } catch (error) {
      return { ok: false, message: `${quote(name)}: ${reasonOf(error)}` };
    }
  }
  return { ok: true, files: [...new Set(files)] };
}

interface Linted {
  readonly rules: readonly Rule[];
  readonly files: ReadonlyMap<string, LintedFile>;
  readonly diagnostics: readonly Diagnostic[];
}

async function lint(paths: readonly string[], strict: boolean, io: Io): Promise<Linted> {
  const { isNamesFile, namesOfFolders, readLintedFile, readLintedNames } =
    await import('../lint/rule-file.ts');
  const { adviseExamples } = await import('../lint/examples.ts');
  const taken = new Set<string>();
  const names = namesOfFolders(paths, strict);
  const read = (path: string, reader: typeof readLintedFile): [string, LintedFile] => {
    const file = relative(io.cwd, path) || path;
    return [file, reader({ path, file, strict, taken, names })];
  };
  const files = new Map([
    ...paths.filter((path) => !isNamesFile(path)).map((path) => read(path, readLintedFile)),
    ...paths.filter(isNamesFile).map((path) => read(path, readLintedNames)),
  ]);
  const rules = [...files.values()].flatMap((file) => file.rules);
  const twins = adviseTwins(rules);
  const examples = await adviseExamples(rules, io.assets);
  const diagnostics = [...files].flatMap(([file, linted]) => {
    const advised = linted.rules.flatMap((rule) =>
      [adviseRule(rule), twins.get(rule.id) ?? [], examples.get(rule.id) ?? []]
        .flat()
        .map((advice) => placed(advice, rule, file, linted)),
    );
    return [...linted.diagnostics, ...advised]
      .filter((diagnostic) => !isAccepted(diagnostic, linted.lines))
      .sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  });
  return { rules, files, diagnostics };
}

function placed(
  { level, code, field, message, help }: Advice,
  { id }: Rule,
  file: string,
  { locate }: LintedFile,
): Diagnostic {
  return { level, file, ...locate(id, field), code, ruleId: id, message, help };
}

function lintText(
  diagnostics: readonly Diagnostic[],
  files: Linted['files'],
  summary: Readonly<Record<'files' | 'rules' | 'errors' | 'warnings', number>>,
  style: Style,
): string {
  const shown = diagnostics.map((diagnostic) => {
    const source = files.get(diagnostic.file)?.lines[(diagnostic.line ?? 0) - 1];
    return diagnosticText(diagnostic, source, style);
  });
  const sum = `${counted(summary.rules, 'rule')} in ${counted(summary.files, 'file')}: ${counted(summary.errors, 'error')}, ${counted(summary.warnings, 'warning')}`;
  return `${[...shown, sum].join('\n')}\n`;
}
