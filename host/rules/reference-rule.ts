/** One rule of the Python plugin's format. */
import { quoteRe2 } from '../../engine/regex/print-re2.ts';
import { CONFIDENCES, SEVERITIES, type Rule, type Condition } from '../../engine/rule.ts';
import { describe, type DataPath } from './document.ts';
import { quote } from './problem.ts';
import { lower, reportExtras, reportNotes, type ReferenceEntry } from './reference-notes.ts';
import { checkGlobs } from './reference-globs.ts';
import { convertCondition, convertRegex } from './reference-regex.ts';

/** The Python plugin cuts reminders here; the count is characters. */
const MAX_REMINDER = 1024;
const MAX_SLUG = 80;

/** Undefined when nothing is left to match with; the report says why. */
export function convertReferenceRule(entry: ReferenceEntry): Rule | undefined {
  const { fields, path, report } = entry;
  const named = firstOf(entry, ['rule_name', 'id', 'name']);
  const name = named?.trim() ?? `rule ${entry.position}`;
  const id = takeId(name, entry);
  if (named === undefined) {
    report.add('warning', path, `rule ${entry.position} has no rule_name`, `it is called "${id}"`, {
      ruleId: id,
    });
  }
  const ignoreCase = fields.get('icase') === true;
  const matching = matchers(entry, id, ignoreCase);
  if (matching === undefined) return undefined;
  const paths = globs(entry, id, 'paths');
  const excludePaths = globs(entry, id, 'exclude_paths');
  if (paths === 'bad' || excludePaths === 'bad') return undefined;
  reportExtras(entry, id);
  const severity = SEVERITIES.find((known) => known === lower(fields.get('severity')));
  const confidence = CONFIDENCES.find((known) => known === lower(fields.get('confidence')));
  return {
    id,
    title: name,
    severity: severity ?? 'medium',
    // Whoever writes a rule of their own wants to hear of it.
    confidence: confidence ?? 'high',
    ...(paths === undefined ? {} : { paths }),
    ...(excludePaths === undefined ? {} : { excludePaths }),
    globs: 'fnmatch',
    patterns: matching.patterns,
    ...(matching.lookaround.length === 0 ? {} : { lookaround: matching.lookaround }),
    unless: conditions(entry, id, ignoreCase),
    message: { what: reminder(entry, id, name), why: '', fix: '' },
    references: [],
    examples: { match: [], noMatch: [] },
    origin: entry.origin,
  };
}

/** The first of several names of a field that holds text; the first name is the documented one. */
function firstOf(entry: ReferenceEntry, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = entry.fields.get(name);
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string' || text.trim() === '') continue;
    if (name !== names[0]) {
      entry.report.once(
        `alias ${name}`,
        'note',
        [...entry.path, name],
        `"${name}" stands where the documented field is "${names[0]}"`,
        `it is read as "${names[0]}"`,
        { part: 'key' },
      );
    }
    return text;
  }
  return undefined;
}

/** `user:` and the name with everything but letters, digits, `.`, `_`, `-` replaced; numbered when it is in use. */
function takeId(name: string, entry: ReferenceEntry): string {
  const slug = Array.from(name.replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-'))
    .slice(0, MAX_SLUG)
    .join('')
    .replace(/^-+|-+$/g, '');
  const base = `user:${slug === '' ? `rule-${entry.position}` : slug}`;
  let id = base;
  for (let count = 2; entry.taken.has(id); count++) id = `${base}-${count}`;
  entry.taken.add(id);
  return id;
}

function matchers(
  entry: ReferenceEntry,
  ruleId: string,
  ignoreCase: boolean,
): { readonly patterns: readonly string[]; readonly lookaround: readonly string[] } | undefined {
  const { fields, path, report } = entry;
  const patterns: string[] = [];
  const lookaround: string[] = [];
  const regex = fields.get('regex');
  const substrings = fields.get('substrings');
  const hasRegex = regex !== undefined && regex !== null && regex !== '';
  const hasSubstrings = substrings !== undefined && substrings !== null && substrings !== '';
  const rest = hasSubstrings ? 'only its substrings are used' : 'this rule is left out';
  if (typeof regex === 'string' && hasRegex) {
    const converted = convertRegex(regex, ignoreCase);
    if (converted.ok) {
      (converted.field === 'patterns' ? patterns : lookaround).push(converted.pattern);
      reportNotes(entry, regex, converted.notes);
    } else {
      const { offset, length, message, rewrite } = converted.error;
      const shown = regex.slice(offset, offset + length);
      const reason = `regex: ${message} (at character ${offset + 1}, ${quote(shown)})`;
      const advice = rewrite === undefined ? '' : `; instead: ${rewrite}`;
      report.add(hasSubstrings ? 'warning' : 'error', [...path, 'regex'], reason + advice, rest, {
        ruleId,
      });
    }
  } else if (hasRegex) {
    report.add(
      'error',
      [...path, 'regex'],
      `regex is ${describe(regex)} (${quote(regex)}); expected text`,
      rest,
      { ruleId },
    );
  }
  for (const text of substringList(entry, ruleId, hasSubstrings ? substrings : [])) {
    patterns.push(ignoreCase ? `(?i:${quoteRe2(text)})` : quoteRe2(text));
  }
  if (patterns.length + lookaround.length > 0) return { patterns, lookaround };
  if (!hasRegex && !hasSubstrings) {
    report.add(
      'error',
      path,
      `rule "${ruleId}" has neither regex nor substrings`,
      'this rule is left out',
      { ruleId },
    );
  }
  return undefined;
}

function substringList(entry: ReferenceEntry, ruleId: string, value: unknown): string[] {
  const path: DataPath = [...entry.path, 'substrings'];
  if (typeof value === 'string') {
    entry.report.add(
      'note',
      path,
      'substrings is text; expected a list of texts',
      'it is read as a list of one',
      { ruleId },
    );
    return [value];
  }
  if (!Array.isArray(value)) {
    entry.report.add(
      'error',
      path,
      `substrings is ${describe(value)}; expected a list of texts`,
      'it is left out',
      { ruleId },
    );
    return [];
  }
  return value.flatMap((item: unknown, index) => {
    if (typeof item === 'string' && item !== '') return [item];
    const reason = `substring ${index + 1} is ${describe(item)} (${quote(item)}); expected text that is not empty`;
    entry.report.add('error', [...path, index], reason, 'it is left out', { ruleId });
    return [];
  });
}

function globs(
  entry: ReferenceEntry,
  ruleId: string,
  field: 'paths' | 'exclude_paths',
): readonly string[] | undefined | 'bad' {
  const value = entry.fields.get(field);
  const path: DataPath = [...entry.path, field];
  if (value === undefined || value === null || value === '') return undefined;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = list.filter((item): item is string => typeof item === 'string' && item !== '');
  if (texts.length < list.length) {
    const reason = `${field} holds ${quote(list.find((item) => typeof item !== 'string' || item === ''))}; expected a list of globs`;
    // Without its globs the rule would speak everywhere, which nobody asked for.
    const action = texts.length === 0 ? 'this rule is left out' : 'that entry is left out';
    entry.report.add(texts.length === 0 ? 'error' : 'warning', path, reason, action, { ruleId });
  }
  if (texts.length === 0) return list.length === 0 ? undefined : 'bad';
  return checkGlobs(texts, path, entry.report);
}

/** `must_not_match` is no field of the Python plugin, but of a port of it: it cancels the rule for a file. */
function conditions(
  entry: ReferenceEntry,
  ruleId: string,
  ignoreCase: boolean,
): readonly Condition[] {
  const value = entry.fields.get('must_not_match');
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((item): Condition[] => {
    const converted = typeof item === 'string' ? convertCondition(item, ignoreCase) : undefined;
    if (converted?.ok === true) return [{ within: 'file', pattern: converted.pattern }];
    const reason =
      converted === undefined ? `expected text, got ${quote(item)}` : converted.error.message;
    entry.report.add(
      'warning',
      [...entry.path, 'must_not_match'],
      `must_not_match: ${reason}`,
      'it cancels nothing',
      { ruleId },
    );
    return [];
  });
}

function reminder(entry: ReferenceEntry, ruleId: string, name: string): string {
  const text = firstOf(entry, ['reminder', 'message', 'description']);
  if (text === undefined) {
    entry.report.add(
      'warning',
      entry.path,
      'the rule has no reminder',
      'its name is shown instead',
      { ruleId },
    );
    return `Custom rule "${name}" matched.`;
  }
  const characters = Array.from(text);
  if (characters.length <= MAX_REMINDER) return text;
  const field =
    ['reminder', 'message', 'description'].find((known) => entry.fields.get(known) === text) ??
    'reminder';
  const reason = `the reminder has ${characters.length} characters; at most ${MAX_REMINDER} are shown`;
  entry.report.add('warning', [...entry.path, field], reason, 'the rest is cut', { ruleId });
  return characters.slice(0, MAX_REMINDER).join('');
}
