/**
 * Scans a notebook twice: its code as the Python that it is, and for rules without a language the whole
 * file as the JSON that it is. What is reported stands where the file has it.
 */
import type { Finding, ScanResult } from '../finding.ts';
import { lex, lexParts } from '../lexer/lex.ts';
import type { ScopePath } from '../scope/scope.ts';
import { LineIndex } from '../text/lines.ts';
import { byPosition, distinct, type Hit } from '../hits.ts';
import type { Sighted } from '../sight.ts';
import { type ScanTools, TextScan } from '../text-scan.ts';
import type { NotebookView } from './view.ts';

export interface Notebook {
  readonly path: string;
  readonly scope: ScopePath;
  readonly view: NotebookView;
  /** Of the view's text. */
  readonly code: Sighted;
  /** Of the whole file, with the plans that are tried there. */
  readonly file: Sighted;
}

export function scanNotebook(tools: ScanTools, notebook: Notebook): ScanResult {
  const { path, scope, view, code, file } = notebook;
  const starts = view.parts.map(({ start }) => start);
  const codeScan = new TextScan(tools, {
    path,
    bytes: code.bytes,
    language: 'python',
    isTemplate: false,
    lex: () => lexParts(code.bytes, starts, 'python', tools.tables),
    sighting: code.sighting,
  });
  const fileScan = new TextScan(tools, {
    path,
    bytes: file.bytes,
    language: 'json',
    isTemplate: false,
    lex: () => lex(file.bytes, 'json', tools.tables),
    sighting: file.sighting,
  });
  const inCode = codeScan.hits(code.due);
  const outside: Hit[] = [];
  const inFile = fileScan.hits(file.due);
  for (const hit of inFile) {
    const range = view.fromRaw(hit.range);
    if (range === undefined) outside.push(hit);
    // To JSON all code is a string: what region it is in was told by the first reading.
    else if (tools.set.rule(hit.rule)?.rule.in === undefined) {
      const secret = hit.secret && (view.fromRaw(hit.secret) ?? range);
      inCode.push({ rule: hit.rule, range, ...(secret !== undefined && { secret }) });
    }
  }
  codeScan.absorb(fileScan.incomplete);
  const found = codeScan.findings(distinct(inCode)).sort(byPosition);
  const { findings, suppressed } = codeScan.suppress(found, scope);
  const lines = new LineIndex(file.bytes);
  // All of a notebook may stand on one line, and then in every snippet of it.
  const hidesCode = inCode.some(({ secret }) => secret !== undefined);
  return {
    findings: [
      ...findings.map((finding) => placed(finding, view, lines)),
      ...fileScan.findings(outside, inFile).map(hidesCode ? withoutText : (finding) => finding),
    ].sort(byPosition),
    suppressed: suppressed.map(({ finding, reason, line }) => ({
      finding: placed(finding, view, lines),
      reason,
      line: lines.lineAt(view.rawStart(codeScan.lines.startOf(line))),
    })),
    incomplete: codeScan.incomplete,
  };
}

function withoutText(finding: Finding): Finding {
  return { ...finding, snippet: '…', masked: true, key: `${finding.ruleId}\0…` };
}

/** A finding of the view at its place in the file. */
function placed(finding: Finding, view: NotebookView, lines: LineIndex): Finding {
  const start = view.rawStart(finding.start.offset);
  const end = Math.max(start, view.rawEnd(finding.end.offset));
  return { ...finding, start: lines.position(start), end: lines.position(end) };
}
