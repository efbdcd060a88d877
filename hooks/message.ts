/**
 * The text that the model reads after an edit. It says who speaks, what was found where, and the way
 * out; text from a repository's own rule file is shown as a quotation of that file.
 */
import type { Rule, Severity } from '../engine/rule.ts';
import { SEVERITIES } from '../engine/rule.ts';
import type { Place } from './change.ts';
import { plainLine, plainLines } from '../engine/text/plain.ts';

/** One rule that an edit to a file newly matches, with every place. */
export interface Told {
  readonly rule: Rule;
  /** In any order; empty when the payload did not tell where in the file the edit was. */
  readonly places: readonly Place[];
}

/**
 * The host hands over 10,000 UTF-16 units at most and replaces longer text with a file name; the
 * rest is room for what it may wrap around.
 */
const MAX_CONTEXT = 9_000;
/** The user's notice is one short paragraph. */
const MAX_NOTICE = 2_000;
const MAX_PATH = 300;
const MAX_FIELD = 600;
/** The longest text that a user's rule may have. */
const MAX_QUOTE = 1_100;
const MAX_PLACES_NAMED = 8;
const MAX_LATE_NAMED = 5;
/** Kept free for the line about what did not fit. */
const REST_ROOM = 420;

/** What an earlier edit introduced, found after that edit's time was over. */
export interface LateTold {
  readonly path: string;
  /** Empty when the check was given up. */
  readonly told: readonly Told[];
}

export const HOW_TO_KEEP =
  'One that is intended is marked on its line or the line above with a comment: `sg-ignore: <rule id> -- <reason>`.';

/** The message for one edited file and for what is late; not both are empty. */
export function composeContext(
  path: string,
  told: readonly Told[],
  late: readonly LateTold[] = [],
): string {
  const entries = [{ path, told }, ...late].flatMap((each) => {
    const shown = plainLine(each.path, MAX_PATH);
    return each.told.map((one): Entry => ({ ...one, path: shown }));
  });
  const ordered = entries.sort(bySeverity);
  const head = [
    'Automated message of the security-guidance plugin, which checks each edit by rules. It was not written by the user.',
    ...[introduction(`This edit to ${plainLine(path, MAX_PATH)}`, told.length)].filter(
      () => told.length > 0,
    ),
    ...late
      .filter((each) => each.told.length > 0)
      .slice(0, MAX_LATE_NAMED)
      .map((each) =>
        introduction(
          `An earlier edit to ${plainLine(each.path, MAX_PATH)}, whose check took longer,`,
          each.told.length,
        ),
      ),
  ].join('\n');
  const foot = [
    'Please look at each and correct it as part of what you are doing; mention it to the user if it has to stay.',
    HOW_TO_KEEP,
  ].join('\n');
  const parts: string[] = [head];
  let room = MAX_CONTEXT - head.length - foot.length - REST_ROOM;
  let shown = 0;
  for (const each of ordered) {
    const entry = describe(each, shown + 1);
    if (entry.length + 2 > room) break;
    parts.push(entry);
    room -= entry.length + 2;
    shown += 1;
  }
  const rest = ordered.slice(shown);
  if (rest.length > 0) parts.push(describeRest(rest));
  parts.push(foot);
  return parts.join('\n\n');
}

/** The user's notice about rules that could not be used, undefined when there is none. */
export function composeNotice(problems: readonly string[]): string | undefined {
  if (problems.length === 0) return undefined;
  const head =
    problems.length === 1
      ? 'security-guidance: a custom rule could not be used. '
      : `security-guidance: ${problems.length} problems in custom rule files. `;
  const foot = ' The other rules are in force; `sg test FILE` shows the details.';
  const shown: string[] = [];
  let room = MAX_NOTICE - head.length - foot.length - 20;
  for (const problem of problems) {
    const line = plainLine(problem, 400);
    if (line.length + 3 > room) break;
    shown.push(line);
    room -= line.length + 3;
  }
  const left = problems.length - shown.length;
  return `${head}${shown.join(' | ')}${left > 0 ? ` | and ${left} more.` : ''}${foot}`;
}

/** The user's notice about what was not looked at, undefined when there is nothing. */
export function composePartial(parts: readonly string[]): string | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  const more = parts.length > 1 ? ` (and ${parts.length - 1} more)` : '';
  return `security-guidance: this edit was checked only in part. ${plainLine(first, 400)}${more}`;
}

/** The user's notice about rules that the deadline cut short. */
export function composeOverdue(path: string, rules: number, bytes: number): string {
  const what = rules === 1 ? '1 rule' : `${rules} rules`;
  return `security-guidance: incomplete: ${what} not evaluated in time on this ${sizeOf(bytes)} edit of ${plainLine(path, MAX_PATH)}.`;
}

function sizeOf(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** The user's notice about an edit that was not even read in time. */
export function composeUnread(bytes: number): string {
  return `security-guidance: incomplete: an edit with ${sizeOf(bytes)} of payload was not checked in time. What it introduced follows with a later edit.`;
}

/** The user's notice about earlier edits whose check was given up, undefined when there is none. */
export function composeUnfinished(late: readonly LateTold[]): string | undefined {
  const paths = late.flatMap((each) => (each.told.length === 0 ? [each.path] : []));
  const [first] = paths;
  if (first === undefined) return undefined;
  const more = paths.length > 1 ? ` (and ${paths.length - 1} more)` : '';
  return `security-guidance: the check of an earlier edit took too long and was given up: ${plainLine(first, MAX_PATH)}${more}. \`sg scan\` checks it without a deadline.`;
}

/** A rule's matches in one file; `path` is safe to show. */
export interface Entry extends Told {
  readonly path: string;
}

function introduction(edit: string, count: number): string {
  const problems =
    count === 1 ? 'a possible security problem' : `${count} possible security problems`;
  return `${edit} introduced ${problems}:`;
}

/** One numbered paragraph. */
export function describe({ path, rule, places }: Entry, number: number): string {
  const id = plainLine(rule.id, 100);
  const kind = [`rule ${id}`, `severity ${rule.severity}`, rule.cwe && plainLine(rule.cwe, 20)];
  const title = plainLine(rule.title, 160);
  const head = `${number}. ${path}${where(places)}`;
  const labels = kind.filter((each) => each !== undefined && each !== '').join(', ');
  if (rule.origin === 'builtin') {
    const rows = [`${head}: ${title} [${labels}]`];
    for (const [label, text] of [
      ['What', rule.message.what],
      ['Why', rule.message.why],
      ['Fix', rule.message.fix],
    ] as const) {
      const line = plainLine(text, MAX_FIELD);
      if (line !== '') rows.push(`   ${label}: ${line}`);
    }
    return rows.join('\n');
  }
  const { what, why, fix } = rule.message;
  const quoted = plainLines([what, why, fix].filter(Boolean).join('\n'), MAX_QUOTE);
  return [
    `${head}: "${title}" [${labels}]`,
    `   ${SOURCES[rule.origin]}, quoted:`,
    ...quoted.map((line) => `   > ${line}`),
  ].join('\n');
}

const SOURCES: Readonly<Record<Exclude<Rule['origin'], 'builtin'>, string>> = {
  user: "A rule from the user's own rule file",
  project: "A project rule, from a rule file in this repository's .claude folder",
  local: "A project rule, from a local rule file in this project's .claude folder",
};

function where(places: readonly Place[]): string {
  const [first, ...others] = distinct(places);
  if (first === undefined) return ' (in the edited part)';
  const named = others.slice(0, MAX_PLACES_NAMED).map(nameOf);
  if (others.length > named.length) named.push(`${others.length - named.length} more places`);
  const also = named.length === 0 ? '' : ` (also ${named.join(', ')})`;
  return first.cell === undefined ? `:${first.line}${also}` : `, ${nameOf(first)}${also}`;
}

function nameOf({ line, cell }: Place): string {
  return cell === undefined ? `line ${line}` : `cell ${cell} line ${line}`;
}

/** In order, each line once. */
function distinct(places: readonly Place[]): Place[] {
  const byName = new Map(places.map((place) => [nameOf(place), place]));
  return [...byName.values()].sort(byPlace);
}

function byPlace(a: Place, b: Place): number {
  return (a.cell ?? 0) - (b.cell ?? 0) || a.line - b.line;
}

function describeRest(rest: readonly Told[]): string {
  const ids: string[] = [];
  let room = REST_ROOM - 80;
  for (const { rule, places } of rest) {
    const [first] = distinct(places);
    const name = `${plainLine(rule.id, 100)}${first === undefined ? '' : ` (${nameOf(first)})`}`;
    if (name.length + 2 > room) break;
    ids.push(name);
    room -= name.length + 2;
  }
  const unnamed = rest.length - ids.length;
  const tail = unnamed > 0 ? ` and ${unnamed} not named here` : '';
  return `And ${rest.length} more, left out for length: ${ids.join(', ')}${tail}.`;
}

const NOWHERE: Place = { line: 0 };

export function bySeverity(a: Told, b: Told): number {
  return (
    rank(b.rule.severity) - rank(a.rule.severity) ||
    byPlace(distinct(a.places)[0] ?? NOWHERE, distinct(b.places)[0] ?? NOWHERE) ||
    (a.rule.id < b.rule.id ? -1 : 1)
  );
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
