/** Text and tables as HTML. */

/** A cell: text, or text with a class of the page's style. */
export type Cell = string | { readonly text: string; readonly tone: 'good' | 'bad' };

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** JSON inside of a script element: no value of it can end the element. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/**
 * A table whose first column names its rows; it scrolls by itself where the page is narrow. `kind`: the page's
 * script lets readers sort it, and `wide sortable` breaks long cells.
 */
export function htmlTable(
  id: string,
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  kind?: 'sortable' | 'wide sortable',
): string {
  const names = kind === undefined ? '' : ` class="${kind}"`;
  const label = escapeHtml(caption);
  const columns = head.map((each) => `<th scope="col">${escapeHtml(each)}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map(cellHtml).join('')}</tr>`).join('\n');
  return `<div class="scroll" role="region" aria-label="${label}" tabindex="0">
<table id="${id}"${names}><caption>${label}</caption>
<thead><tr>${columns}</tr></thead>
<tbody>
${body}
</tbody></table></div>`;
}

function cellHtml(cell: Cell, column: number): string {
  const { text, tone } = typeof cell === 'string' ? { text: cell, tone: undefined } : cell;
  const style = tone === undefined ? '' : ` class="${tone}"`;
  return column === 0
    ? `<th scope="row"${style}>${escapeHtml(text)}</th>`
    : `<td${style}>${escapeHtml(text)}</td>`;
}

export function section(title: string, words: string, body: string): string {
  return `<section><h2>${escapeHtml(title)}</h2><p>${escapeHtml(words)}</p>\n${body}</section>`;
}

/** A place for the chart of that id. */
export function figure({ id }: { readonly id: string }, caption: string): string {
  const label = escapeHtml(caption);
  return `<figure><figcaption>${label}</figcaption><div id="${id}" role="img" aria-label="${label}; the table below has the figures"></div></figure>`;
}
