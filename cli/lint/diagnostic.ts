/** What `sg lint-rules` says about a place in a rule file, and how it is printed. */
import { escapeControls, escapeSnippet } from '../escape.ts';
import type { Style } from '../style.ts';

export interface Diagnostic {
  readonly level: 'error' | 'warning' | 'note';
  /** As the user named it, or relative to the current folder. */
  readonly file: string;
  /** 1-based; absent when the whole file is meant. */
  readonly line?: number;
  /** 1-based, in UTF-16 units. */
  readonly column?: number;
  /** `invalid-rule` for what the loader refuses, else one of `ADVICE_CODES`. */
  readonly code: string;
  readonly ruleId?: string;
  readonly message: string;
  readonly help?: string;
}

/** Columns of the source that are shown before the place, and in all. */
const BEFORE = 60;
const WIDTH = 120;

/** `file:line:column: level: message [code]`, the line with a caret below, and what to do. */
export function diagnosticText(
  diagnostic: Diagnostic,
  source: string | undefined,
  style: Style,
): string {
  const { file, line, column, level, code, message, help } = diagnostic;
  const place = line === undefined ? '' : `:${line}:${column ?? 1}`;
  const mark = level === 'error' ? style.bad(level) : style.bold(level);
  const head = `${escapeControls(file)}${place}: ${mark}: ${escapeControls(message)} [${code}]`;
  const gutter = String(line ?? '').length + 2;
  return [
    head,
    ...(line === undefined || source === undefined
      ? []
      : sourceLines(source, column ?? 1, String(line).padStart(gutter))),
    ...(help === undefined ? [] : [`${' '.repeat(gutter)} = ${escapeControls(help)}`]),
  ].join('\n');
}

function sourceLines(source: string, column: number, gutter: string): string[] {
  const from = Math.max(0, column - 1 - BEFORE);
  const cut = from === 0 ? '' : '…';
  const shown = escapeSnippet(source.slice(from, from + WIDTH).trimEnd());
  const before = escapeSnippet(source.slice(from, column - 1));
  return [
    `${gutter} | ${cut}${shown}`,
    `${' '.repeat(gutter.length)} | ${' '.repeat(cut.length + before.length)}^`,
  ];
}
