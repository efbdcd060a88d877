/** Lines of a corpus for people to see: without those in which a rule of the run found a secret. */
import type { LineReader } from '../report/text.ts';
import type { CorpusRun } from './run.ts';

const MASK = '(not shown: it may hold a secret)';

export function maskedLines({ corpora }: CorpusRun, readLine: LineReader): LineReader {
  const secret = new Map<string, [first: number, last: number][]>();
  for (const { name, outcome } of corpora) {
    for (const { rule, hits } of outcome.rules) {
      if (rule.secret === undefined) continue;
      for (const { path, line, endLine } of hits) {
        const file = `${name}/${path}`;
        const known = secret.get(file);
        if (known === undefined) secret.set(file, [[line, endLine]]);
        else known.push([line, endLine]);
      }
    }
  }
  return (path, line) =>
    secret.get(path)?.some(([first, last]) => line >= first && line <= last) === true
      ? MASK
      : readLine(path, line);
}
