/**
 * A report as one page of HTML that needs nothing else. Its policy lets only its own script and style in, by
 * their hashes, and no connection out.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeHtml, scriptJson } from './html.ts';
import type { Chart } from './page/chart.ts';

export interface ReportPage {
  readonly title: string;
  readonly heading: string;
  readonly subtitle: string;
  /** HTML. */
  readonly main: string;
  readonly charts: readonly Chart[];
  /** Kept in the page as JSON. */
  readonly record: unknown;
  /** Name of the page's script and style, `page` when absent. */
  readonly script?: 'page' | 'triage';
}

/** `assets` holds the script and style, which the build makes. Throws when they are not there. */
export function htmlDocument(page: ReportPage, assets: string): string {
  const name = page.script ?? 'page';
  const script = readFileSync(join(assets, `${name}.js`), 'utf8');
  const style = readFileSync(join(assets, `${name}.css`), 'utf8');
  const policy = `default-src 'none'; script-src ${sourceOf(script)}; style-src ${sourceOf(style)}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(page.title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escapeHtml(page.heading)}</h1>
<p>${escapeHtml(page.subtitle)}</p>
</header>
<main>
${page.main}
</main>
<script type="application/json" id="record">${scriptJson(page.record)}</script>
<script type="application/json" id="charts">${scriptJson(page.charts)}</script>
<script>${script}</script>
</body>
</html>
`;
}

function sourceOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
