/** What ends a statement in each language. */
import { type CodeLanguage, codeLanguageOf, type LanguageId } from '../language.ts';

export interface StatementStyle {
  /**
   * When a newline outside of brackets ends a statement. `operators`: unless the line ends, or the next one
   * begins, in the middle of an expression. `marked`: unless the line ends in a mark such as a backslash.
   */
  readonly newline: 'never' | 'operators' | 'marked';
  /** What `{` opens. `told`: a block or a literal, as what stands before it tells. */
  readonly brace: 'told' | 'block' | 'literal';
  /** Whether a comma right inside a block ends a statement, as between the arms of a match. */
  readonly commas: boolean;
}

const style = (
  newline: StatementStyle['newline'],
  brace: StatementStyle['brace'] = 'told',
  commas = false,
): StatementStyle => ({ newline, brace, commas });

const SEMICOLONS = style('never');
const OPERATORS = style('operators');
const MARKED = style('marked');
const INDENTED = style('marked', 'literal');

const STYLES: Readonly<Record<CodeLanguage, StatementStyle>> = {
  python: INDENTED,
  notebook: INDENTED,
  javascript: OPERATORS,
  typescript: OPERATORS,
  jsx: OPERATORS,
  tsx: OPERATORS,
  vue: OPERATORS,
  svelte: OPERATORS,
  html: OPERATORS,
  go: OPERATORS,
  kotlin: OPERATORS,
  swift: OPERATORS,
  scala: OPERATORS,
  ruby: OPERATORS,
  hcl: OPERATORS,
  java: SEMICOLONS,
  csharp: SEMICOLONS,
  php: SEMICOLONS,
  c: SEMICOLONS,
  cpp: SEMICOLONS,
  sql: SEMICOLONS,
  css: style('never', 'block'),
  rust: style('never', 'told', true),
  json: style('never', 'block', true),
  shell: MARKED,
  powershell: MARKED,
  dockerfile: MARKED,
  makefile: MARKED,
  toml: INDENTED,
  ini: MARKED,
  xml: MARKED,
  markdown: MARKED,
  // Its entries are told by indentation, see `yaml.ts`.
  yaml: MARKED,
};

export function styleOf(language: LanguageId | undefined): StatementStyle {
  const code = codeLanguageOf(language);
  return code === undefined ? OPERATORS : STYLES[code];
}
