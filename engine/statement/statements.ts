/** The statements of a text, in whatever way its language tells them. */
import type { LanguageId } from '../language.ts';
import type { Spans } from '../lexer/spans.ts';
import type { ByteRange } from '../re2/instance.ts';
import { splitStatements } from './split.ts';
import { YamlEntries } from './yaml.ts';

export interface Statements {
  /**
   * From the start of the statement that holds `from` to the end of the one that holds the byte before `to`;
   * undefined where there is no statement, as in a comment.
   */
  around(from: number, to: number): ByteRange | undefined;
  /** Those that end in `[from, to]`, the last one first. */
  upwards(from: number, to: number): Iterable<ByteRange>;
}

/** Reads all of the text once. */
export function statementsOf(
  bytes: Uint8Array,
  spans: Spans,
  language: LanguageId | undefined,
): Statements {
  return language === 'yaml'
    ? new YamlEntries(bytes, spans)
    : splitStatements(bytes, spans, language);
}
