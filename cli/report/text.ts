/** The report for people: findings by file, each with its line, a caret and the way out. */
import { escapeControls, escapeSnippet } from '../escape.ts';
import type { Style } from '../style.ts';
import { counted } from '../words.ts';
import type { ReportedFinding, ReportEnd, ReportWriter, Suppression } from './model.ts';

/** Full text of a line (1-based) of a file, if it can still be read. */
export type LineReader = (path: string, line: number) => string | undefined;

export interface TextOptions {
  readonly style: Style;
  readonly showSuppressed: boolean;
  readonly lineOf: LineReader;
}

const MAX_LINE = 120;
const BEFORE = 40;

/** Findings by file, then a summary line. Controls from the tree are escaped. */
export function textWriter(options: TextOptions): ReportWriter {
  const { style, showSuppressed } = options;
  return {
    begin: () => '',
    findings: (found) =>
      grouped(found)
        .map((group) => groupText(group, options))
        .join(''),
    end(end) {
      const out: string[] = [];
      if (showSuppressed && end.suppressed.length > 0) {
        out.push(style.bold('Suppressed'));
        for (const { finding, suppression } of end.suppressed) {
          const place = `${escapeControls(finding.path)}:${finding.start.line}:${finding.start.column}`;
          out.push(`  ${place}  ${finding.ruleId}  ${style.dim(suppressionText(suppression))}`);
        }
        out.push('');
      }
      if (showSuppressed && end.audit.length > 0)
        out.push(
          style.bold('Settings'),
          ...end.audit.map(
            ({ what, count }) => `  ${escapeControls(what)}  ${style.dim(`(${count})`)}`,
          ),
          '',
        );
      out.push(summary(end, style), '');
      return out.join('\n');
    },
  };
}

/** `line 3: only tests`, `.sg.yaml: only tests`. */
function suppressionText({ line, file, reason }: Suppression): string {
  return escapeControls(`${file ?? `line ${line ?? 0}`}: ${reason}`);
}

/** `2 findings in 1 file, 10 files scanned, 1 suppressed, 0.3 s`. */
export function summary(end: ReportEnd, style: Style): string {
  const found = end.findings;
  const trouble = end.notScanned.length;
  const parts = [
    found === 0
      ? style.good('no findings')
      : style.bad(`${counted(found, 'finding')} in ${counted(end.filesWithFindings, 'file')}`),
    `${counted(end.files, 'file')} scanned`,
    ...(end.suppressed.length > 0 ? [`${end.suppressed.length} suppressed`] : []),
    ...(end.stale > 0 ? [`${end.stale} stale in the baseline`] : []),
    ...(end.binaries > 0 ? [`${counted(end.binaries, 'binary file')} skipped`] : []),
    ...(trouble > 0 ? [style.bad(`${trouble} not scanned`)] : []),
    ...(end.incomplete.length > 0 ? [style.bad(`${end.incomplete.length} scanned in part`)] : []),
    `${(end.milliseconds / 1000).toFixed(1)} s`,
  ];
  return parts.join(', ');
}

/** The findings of one file. */
function groupText(group: readonly ReportedFinding[], options: TextOptions): string {
  const path = group[0]?.finding.path ?? '';
  const lines = [options.style.bold(escapeControls(path)), ...findingLines(group, options), ''];
  return `${lines.join('\n')}\n`;
}

function findingLines(group: readonly ReportedFinding[], { style, lineOf }: TextOptions): string[] {
  const places = group.map(({ finding }) => `${finding.start.line}:${finding.start.column}`);
  const placeWidth = Math.max(...places.map((place) => place.length));
  const severityWidth = Math.max(...group.map(({ finding }) => finding.severity.length));
  const idWidth = Math.max(...group.map(({ finding }) => finding.ruleId.length));
  const indent = ' '.repeat(placeWidth + 4);
  return group.flatMap(({ finding, rule }, index) => {
    const severity = style.severity(finding.severity, finding.severity.padEnd(severityWidth));
    const head = `  ${(places[index] ?? '').padStart(placeWidth)}  ${severity}  ${finding.ruleId.padEnd(idWidth)}  ${escapeControls(rule.title)}`;
    const fix =
      rule.message.fix === ''
        ? []
        : [`${indent}${style.dim('fix:')} ${escapeControls(rule.message.fix)}`];
    return [head, ...sourceLines(finding, lineOf).map((line) => `${indent}${line}`), ...fix];
  });
}

/** The line and a caret below the match; the snippet alone where the line is gone or has changed. */
function sourceLines(finding: ReportedFinding['finding'], lineOf: LineReader): string[] {
  const line = lineOf(finding.path, finding.start.line);
  const start = finding.start.column - 1;
  if (
    finding.masked === true ||
    line === undefined ||
    !line.includes(finding.snippet) ||
    start >= line.length
  )
    return [escapeSnippet(finding.snippet)];
  const end =
    finding.end.line === finding.start.line ? finding.end.column - 1 : line.trimEnd().length;
  const blank = line.length - line.trimStart().length;
  const from = start - blank > MAX_LINE - BEFORE ? start - BEFORE : Math.min(blank, start);
  const to = Math.min(line.length, from + MAX_LINE);
  const before = escapeSnippet(line.slice(from, start));
  const match = escapeSnippet(line.slice(start, Math.min(Math.max(end, start + 1), to)));
  const after = escapeSnippet(line.slice(Math.min(Math.max(end, start + 1), to), to).trimEnd());
  return [
    `${before}${match}${after}`,
    `${' '.repeat(before.length)}${'^'.repeat(Math.max(1, match.length))}`,
  ];
}

/** Neighbours of the same file together. */
function grouped(findings: readonly ReportedFinding[]): ReportedFinding[][] {
  const groups: ReportedFinding[][] = [];
  for (const reported of findings) {
    const last = groups.at(-1);
    if (last?.[0]?.finding.path === reported.finding.path) last.push(reported);
    else groups.push([reported]);
  }
  return groups;
}
