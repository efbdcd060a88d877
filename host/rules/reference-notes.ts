/** What is said about a rule of the Python plugin's format that loads. */
import type { PatternNote } from '../../engine/regex/python-parse.ts';
import { CONFIDENCES, SEVERITIES, type Origin } from '../../engine/rule.ts';
import type { DataPath } from './document.ts';
import { nearest, quote } from './problem.ts';
import type { Report } from './report.ts';

const FIELDS = ['rule_name', 'reminder', 'regex', 'substrings', 'paths', 'exclude_paths'];
const EXTRA_FIELDS = [
  'icase',
  'severity',
  'confidence',
  'must_not_match',
  'blocking',
  'id',
  'name',
  'message',
  'description',
];

export interface ReferenceEntry {
  readonly fields: ReadonlyMap<string, unknown>;
  readonly path: DataPath;
  /** 1-based place in the list. */
  readonly position: number;
  readonly origin: Origin;
  readonly report: Report;
  readonly taken: Set<string>;
}

/** Fields beyond the documented ones, known and unknown. */
export function reportExtras(entry: ReferenceEntry, ruleId: string): void {
  const { fields, path, report } = entry;
  if (fields.has('blocking')) {
    report.once(
      'blocking',
      'note',
      [...path, 'blocking'],
      '"blocking" asks for edits to be refused',
      'rules never block an edit; `sg scan --fail-on` can block a merge',
      { part: 'key' },
    );
  }
  for (const [field, known] of [
    ['severity', SEVERITIES],
    ['confidence', CONFIDENCES],
  ] as const) {
    const value = fields.get(field);
    if (value === undefined || known.some((name) => name === lower(value))) continue;
    const used = field === 'severity' ? 'medium' : 'high';
    report.add(
      'warning',
      [...path, field],
      `${field} is ${quote(value)}; expected ${known.join(', ')}`,
      `"${used}" is used`,
      { ruleId },
    );
  }
  for (const key of fields.keys()) {
    if (FIELDS.includes(key) || EXTRA_FIELDS.includes(key)) continue;
    const meant = nearest(key, FIELDS);
    const advice =
      meant === undefined ? `expected ${FIELDS.join(', ')}` : `did you mean "${meant}"?`;
    report.once(
      `unknown ${key}`,
      'warning',
      [...path, key],
      `unknown field ${quote(key)}; ${advice}`,
      'it is ignored',
      { part: 'key' },
    );
  }
}

const NOTE_TEXT: Readonly<Record<PatternNote['kind'], readonly [reason: string, action: string]>> =
  {
    'posix-class': [
      'is no class of Python\'s: it reads one of the single characters in it, then "]"',
      'it is matched as Python does; write \\s, \\d or the characters themselves',
    ],
    'text-begin': [
      'matches only at the very start of the file',
      'it is matched as Python does; write (?m) first if a line was meant',
    ],
    'text-end': [
      'matches only at the very end of the file',
      'it is matched as Python does; write (?m) first if a line was meant',
    ],
  };

/** What is legal in a regex and seldom meant. */
export function reportNotes(
  entry: ReferenceEntry,
  regex: string,
  notes: readonly PatternNote[],
): void {
  for (const { kind, offset, length } of notes) {
    const [reason, action] = NOTE_TEXT[kind];
    const text = regex.slice(offset, offset + length);
    entry.report.once(
      kind,
      'note',
      [...entry.path, 'regex'],
      `${quote(text)} in the regex ${reason}`,
      action,
    );
  }
}

export function lower(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}
