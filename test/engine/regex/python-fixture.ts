import { readFileSync } from 'node:fs';

/** What Python's `re` finds in a text: `[text, [start, end, start, end, …]]` in UTF-8 bytes. */
export type RecordedText = readonly [text: string, spans: readonly number[]];

export interface RecordedPattern {
  readonly pattern: string;
  readonly texts: readonly RecordedText[];
}

export interface PythonFixture {
  readonly plain: readonly RecordedPattern[];
  readonly lookaround: readonly RecordedPattern[];
  /** Patterns that `re.compile` refuses. */
  readonly refusedByPython: readonly string[];
  /** Patterns that Python takes and that cannot be matched in linear time. */
  readonly refusedByUs: readonly string[];
}

export function readPythonFixture(): PythonFixture {
  const url = new URL('../../fixtures/python-re/spans.json', import.meta.url);
  const fixture: PythonFixture = JSON.parse(readFileSync(url, 'utf8'));
  return fixture;
}

/** Text shown in a failing test. */
export function show(pattern: string, text: string): string {
  return `${JSON.stringify(pattern)} on ${JSON.stringify(text)}`;
}
