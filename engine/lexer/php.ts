/** PHP: HTML outside `<?php … ?>`, the PHP table inside. */
import { findBytes, isSpace, LESS, standsAt } from './bytes.ts';
import { readHtml } from './html.ts';
import { Output } from './output.ts';
import { readRange } from './read.ts';
import type { CompiledTable } from './table.ts';
import type { Tables } from './tables/index.ts';

export function readPhp(bytes: Uint8Array, tables: Tables, out: Output): void {
  const table = tables.of('php');
  const end = bytes.length;
  let at = 0;
  let inside = beginsInside(bytes, table);
  while (at < end) {
    if (inside) {
      at = readRange(bytes, at, end, table, out);
      inside = false;
    } else {
      const open = findBytes(bytes, at, end, '<?');
      readHtml(bytes, at, open, tables, out);
      at = Math.min(end, open + tagLength(bytes, open));
      inside = true;
    }
  }
}

function tagLength(bytes: Uint8Array, at: number): number {
  if (standsAt(bytes, at, bytes.length, '<?php')) return 5;
  return bytes[at + 2] === 61 ? 3 : 2;
}

/**
 * An edit of PHP code has no opening tag, or meets a closing one first. The first `?>` has to be one when
 * read as code, lest a quote before it swallow the code behind. A text that begins with `<` is HTML.
 */
function beginsInside(bytes: Uint8Array, table: CompiledTable): boolean {
  const end = bytes.length;
  const open = findBytes(bytes, 0, end, '<?');
  const close = findBytes(bytes, 0, end, '?>');
  if (close < open) return readRange(bytes, 0, end, table, new Output()) === close;
  if (open < end) return false;
  let at = 0;
  while (at < end && isSpace(bytes[at] ?? 0)) at += 1;
  return bytes[at] !== LESS;
}
