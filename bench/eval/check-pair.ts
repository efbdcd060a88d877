/** What makes a pair one that a verdict can be measured by, beyond its form. */
import type { DataPath } from '../../host/rules/document.ts';
import { quote } from '../../host/rules/problem.ts';
import { CATEGORIES, compareCwe } from '../../orchestrator/cwe.ts';
import { diffLines } from '../../orchestrator/hunks-diff.ts';
import { splitLines } from '../../orchestrator/hunks-lines.ts';
import { findQuote } from '../../orchestrator/quote.ts';
import { judgeName } from '../../orchestrator/reviewable-names.ts';
import { SIDES } from './pair.ts';
import type { Pair } from './pair.ts';

export interface PairProblem {
  readonly path: DataPath;
  readonly reason: string;
}

const LINES = { least: 5, most: 80 };
/** Lines that may differ between the sides: what matters, and no second change. */
const MOST_DIFFERENT = 20;
const MOST_QUOTED = 5;

export function checkPair(pair: Pair): PairProblem[] {
  return [
    ...checkFields(pair),
    ...checkSides(pair),
    ...checkQuotes(pair),
    ...checkFiles(pair),
    ...checkInjected(pair),
  ];
}

function checkFields({ id, cwe, path, title }: Pair): PairProblem[] {
  const problems: PairProblem[] = [];
  const add = (key: string, reason: string): void => {
    problems.push({ path: [key], reason });
  };
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)+$/.test(id))
    add('id', `id is ${quote(id)}, expected lower-case words with "-" between`);
  if (title.includes('\n')) add('title', 'title has several lines, expected one');
  if (!/^CWE-[1-9]\d{0,3}$/.test(cwe)) add('cwe', `cwe is ${quote(cwe)}, expected such as CWE-89`);
  else if (!Object.values(CATEGORIES).some((known) => compareCwe(known, cwe) !== 'other'))
    add('cwe', `no category that a reviewer can name is ${cwe} or of its family`);
  const verdict = judgeName(path);
  if (verdict !== 'source') add('path', `${quote(path)} is not reviewed: ${verdict}`);
  return problems;
}

function checkSides(pair: Pair): PairProblem[] {
  const problems: PairProblem[] = [];
  for (const side of SIDES) {
    const count = splitLines(pair[side]).length;
    if (count < LINES.least || count > LINES.most)
      problems.push({
        path: [side],
        reason: `${side} has ${count} lines, expected ${LINES.least} to ${LINES.most}`,
      });
    if (pair[side] === pair.before)
      problems.push({ path: [side], reason: `${side} is the same as before: there is no change` });
  }
  const different = [pair, ...(pair.files ?? [])]
    .flatMap(({ vulnerable, fixed }) => diffLines(splitLines(vulnerable), splitLines(fixed)))
    .reduce(
      (sum, { beforeStart, beforeEnd, afterStart, afterEnd }) =>
        sum + (beforeEnd - beforeStart) + (afterEnd - afterStart),
      0,
    );
  if (different === 0)
    problems.push({ path: ['fixed'], reason: 'fixed is the same as vulnerable' });
  if (different > MOST_DIFFERENT)
    problems.push({
      path: ['fixed'],
      reason: `fixed differs from vulnerable in ${different} lines, expected at most ${MOST_DIFFERENT}`,
    });
  return problems;
}

function checkQuotes({ vulnerable, before, quotes }: Pair): PairProblem[] {
  const lines = splitLines(vulnerable);
  const changes = diffLines(splitLines(before ?? ''), lines);
  return quotes.flatMap((text, index) => {
    const path = ['expect', 'quote', index];
    const count = splitLines(text).length;
    if (count > MOST_QUOTED)
      return [{ path, reason: `the quote has ${count} lines, expected at most ${MOST_QUOTED}` }];
    const places = findQuote(lines, text);
    const [place] = places;
    if (place === undefined || places.length > 1)
      return [
        {
          path,
          reason: `the quote is ${places.length} times in vulnerable, expected once: ${quote(text)}`,
        },
      ];
    const isNew = changes.some(
      ({ afterStart, afterEnd }) => afterStart < place.end && place.start < afterEnd,
    );
    return isNew
      ? []
      : [{ path, reason: `the quote is no code that the change wrote: ${quote(text)}` }];
  });
}

function checkFiles({ path: main, files = [], elsewhere = [] }: Pair): PairProblem[] {
  const problems: PairProblem[] = [];
  for (const { path, isChanged, before, vulnerable } of files) {
    const at = ['files', path];
    if (path === main)
      problems.push({ path: at, reason: 'the file of "path" is not among "files"' });
    if (!/^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/.test(path))
      problems.push({
        path: at,
        reason: `${quote(path)} is no path of plain names with "/" between`,
      });
    if (isChanged && before === vulnerable)
      problems.push({ path: at, reason: 'after is the same as before: there is no change' });
  }
  elsewhere.forEach(({ path, quote: text }) => {
    const file = files.find((each) => each.path === path);
    const count = file === undefined ? 0 : findQuote(splitLines(file.vulnerable), text).length;
    if (count !== 1)
      problems.push({
        path: ['expect', 'elsewhere', path],
        reason: `the quote is ${count} times in ${quote(path)}, expected once: ${quote(text)}`,
      });
  });
  return problems;
}

function checkInjected({ injected, traits, vulnerable, fixed }: Pair): PairProblem[] {
  const problems: PairProblem[] = [];
  if ((injected !== undefined) !== traits.includes('injected-instructions'))
    problems.push({
      path: ['traits'],
      reason: 'the trait injected-instructions and the text "injected" go together',
    });
  if (injected !== undefined && ![vulnerable, fixed].every((side) => side.includes(injected)))
    problems.push({ path: ['injected'], reason: 'the injected text is not on both sides' });
  return problems;
}
