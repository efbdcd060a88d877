/** Generated parts of hand-written documents: text between `<!-- generated: NAME -->` and `<!-- /generated -->`. */

const OPEN = /^<!-- generated: ([a-z-]+) -->$/;
const CLOSE = '<!-- /generated -->';

/**
 * Returns `text` with each generated part replaced by the section of its name. Throws for a part that has
 * no section, a part that is never closed, and a section that has no part: each would go stale in silence.
 */
export function replaceSections(text: string, sections: ReadonlyMap<string, string>): string {
  const out: string[] = [];
  const used = new Set<string>();
  let open: string | undefined;
  for (const line of text.split('\n')) {
    const name = OPEN.exec(line)?.[1];
    if (open === undefined) out.push(line);
    if (name !== undefined) {
      if (open !== undefined) throw new Error(`generated part "${open}" is not closed`);
      const section = sections.get(name);
      if (section === undefined) throw new Error(`no section for the generated part "${name}"`);
      used.add(name);
      open = name;
      out.push('', section, '');
    } else if (line === CLOSE && open !== undefined) {
      out.push(line);
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`generated part "${open}" is not closed`);
  const unused = [...sections.keys()].filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`no generated part for ${unused.join(', ')}`);
  return out.join('\n');
}

/** A table as Prettier lays it out: columns padded to the widest cell. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_title, column) =>
    Math.max(3, ...cells.map((row) => Array.from(row[column] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => pad(row[column] ?? '', width)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  const [first = [], ...others] = cells;
  return [line(first), rule, ...others.map(line)].join('\n');
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(width - Array.from(cell).length);
}
