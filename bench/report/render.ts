/**
 * The report: one page of HTML that needs nothing else. Its policy lets only its own script and style in, by
 * their hashes, and no connection out.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Comparison } from '../compare.ts';
import { describeMachine } from '../machine.ts';
import type { BenchRecord } from '../record.ts';
import { escapeHtml, scriptJson } from './html.ts';
import { comparisonSection, headlines, latencySections, measuresSection } from './sections.ts';

/** `assets` holds `page.js` and `page.css`, which the build makes. Throws when they are not there. */
export function renderReport(
  record: BenchRecord,
  comparison: Comparison | undefined,
  assets: string,
): string {
  const script = readFileSync(join(assets, 'page.js'), 'utf8');
  const style = readFileSync(join(assets, 'page.css'), 'utf8');
  const { latency } = record.results;
  const parts = latency === undefined ? { html: '', charts: [] } : latencySections(latency);
  const policy = `default-src 'none'; script-src ${sourceOf(script)}; style-src ${sourceOf(style)}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>sg bench ${escapeHtml(record.version)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>How long an edit waits</h1>
<p>${escapeHtml(subtitle(record))}</p>
</header>
<main>
${headlines(record.measures)}
${parts.html}
${comparison === undefined ? '' : comparisonSection(comparison)}
${measuresSection(record)}
</main>
<script type="application/json" id="record">${scriptJson(record)}</script>
<script type="application/json" id="charts">${scriptJson(parts.charts)}</script>
<script>${script}</script>
</body>
</html>
`;
}

function subtitle({ version, at, machine, suites }: BenchRecord): string {
  const when = `${at.slice(0, 16).replace('T', ' ')} UTC`;
  return `sg ${version}, ${suites.join(', ')}, ${when}. ${describeMachine(machine)}. Read the ratios: times are of this machine and moment.`;
}

function sourceOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
