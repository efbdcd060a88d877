/** The triage page of `sg test --corpus --report`: hits by rule with their lines, to be marked true or false. */
import { htmlDocument } from '../../bench/report/document.ts';
import { escapeHtml } from '../../bench/report/html.ts';
import type { Rule } from '../../engine/rule.ts';
import { hashOf } from '../corpus/cache.ts';
import type { Hit } from '../corpus/evaluate.ts';
import type { Corpus, CorpusRun } from '../corpus/run.ts';
import { escapeSnippet } from '../escape.ts';
import type { LineReader } from '../report/text.ts';
import { counted } from '../words.ts';
import type { TriageHit } from './mark.ts';

/** Of each rule; a page that nobody gets to the end of helps nobody. */
const MAX_HITS = 500;
const AROUND = 3;
/** Code units of a line that are shown, and those before the match. */
const WIDTH = 240;
const BEFORE = 80;
/** Lines of one match. */
const MAX_LINES = 20;

export interface TriageOptions {
  readonly readLine: LineReader;
  /** Folder of the page's script and style. */
  readonly assets: string;
  readonly version: string;
}

interface Placed {
  readonly corpus: Corpus;
  readonly rule: Rule;
  readonly hit: Hit;
}

export function renderTriage(run: CorpusRun, { readLine, assets, version }: TriageOptions): string {
  const groups = groupByRule(run);
  const records: TriageHit[] = [];
  const sections = groups.map(({ rule, all }) => {
    const items = all.slice(0, MAX_HITS).map((placed) => {
      const record = recordOf(placed, records.length, run.corpora.length > 1);
      records.push(record);
      return hitHtml(placed, record.id, readLine);
    });
    const more = all.length - items.length;
    return `<section class="rule"><h2>${escapeHtml(rule.id)} <small>${escapeHtml(rule.title)} · ${counted(all.length, 'hit')}${more > 0 ? `, the first ${MAX_HITS} here` : ''}</small></h2>
<p class="quiet">${escapeHtml(rule.message.what)}</p>
<ol>${items.join('\n')}</ol></section>`;
  });
  const names = run.corpora.map(({ name }) => name).join(', ');
  return htmlDocument(
    {
      title: `sg test: ${names}`,
      heading: 'Which of these hits are true?',
      subtitle: `${counted(records.length, 'hit')} of ${counted(groups.length, 'rule')} in ${names}. sg ${version}.`,
      main: `${bar(records.length)}\n${sections.join('\n')}`,
      charts: [],
      record: { report: hashOf(...records.map(({ key }) => key)), hits: records },
      script: 'triage',
    },
    assets,
  );
}

function groupByRule({ corpora }: CorpusRun): { rule: Rule; all: Placed[] }[] {
  const groups = new Map<string, { rule: Rule; all: Placed[] }>();
  for (const corpus of corpora) {
    for (const { rule, hits } of corpus.outcome.rules) {
      const group = groups.get(rule.id) ?? { rule, all: [] };
      for (const hit of hits) group.all.push({ corpus, rule, hit });
      groups.set(rule.id, group);
    }
  }
  return [...groups.values()].filter(({ all }) => all.length > 0);
}

function recordOf({ corpus, rule, hit }: Placed, index: number, several: boolean): TriageHit {
  const byCwe = corpus.labels?.classes.byCwe.get(Number(rule.cwe?.slice('CWE-'.length)));
  return {
    id: `hit-${index}`,
    key: `${hashOf(corpus.name, rule.id, hit.path, hit.key)}:${hit.line}`,
    ...(several ? { set: corpus.name } : {}),
    file: hit.path,
    line: [hit.line, hit.endLine],
    class: rule.class ?? byCwe ?? rule.cwe ?? rule.id,
    cwe: rule.cwe ?? null,
    rule: rule.id,
  };
}

function bar(count: number): string {
  return `<div class="bar" role="search">
<input id="filter" type="search" aria-label="Filter by rule, file or text" placeholder="Filter by rule, file or text">
<span id="shown" class="quiet" role="status"></span>
<progress id="progress" max="${count}" value="0" aria-labelledby="progress-text"></progress>
<span id="progress-text" role="status"></span>
<button id="save" type="button">Save labels.jsonl</button>
</div>
<p class="quiet"><kbd>j</kbd> next, <kbd>k</kbd> previous, <kbd>t</kbd> true, <kbd>f</kbd> false, <kbd>u</kbd> unmark, <kbd>/</kbd> filter</p>`;
}

function hitHtml({ corpus, hit }: Placed, id: string, readLine: LineReader): string {
  const place = `${corpus.name}/${hit.path}`;
  const code = contextHtml(place, hit, readLine);
  return `<li class="hit" id="${id}" tabindex="-1"><div class="place"><code>${escapeHtml(escapeSnippet(place))}:${hit.line}</code><span class="state"></span><button type="button" value="vulnerable">true</button><button type="button" value="ok">false</button></div>${code}</li>`;
}

function contextHtml(file: string, hit: Hit, readLine: LineReader): string {
  const last = Math.min(hit.endLine, hit.line + MAX_LINES) + AROUND;
  const lines: string[] = [];
  for (let number = Math.max(1, hit.line - AROUND); number <= last; number++) {
    const text = readLine(file, number);
    if (text === undefined) continue;
    const from = number === hit.line ? Math.max(0, hit.column - 1 - BEFORE) : 0;
    const cut = text.slice(from, from + WIDTH);
    const shown = `${from > 0 ? '…' : ''}${escapeSnippet(cut)}${from + WIDTH < text.length ? '…' : ''}`;
    const isMatch = number >= hit.line && number <= hit.endLine;
    lines.push(
      `<span${isMatch ? ' class="match"' : ''}>${String(number).padStart(6)}  ${escapeHtml(shown)}</span>`,
    );
  }
  return lines.length === 0 ? '' : `<pre>${lines.join('')}</pre>`;
}
