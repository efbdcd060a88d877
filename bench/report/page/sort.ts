/** Lets a reader order a table's rows by a click on a column's head. */

export function makeSortable(table: HTMLTableElement): void {
  const heads = [...table.querySelectorAll<HTMLTableCellElement>('thead th')];
  for (const [column, head] of heads.entries()) {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      sortBy(table, column, down ? -1 : 1);
    });
  }
}

/** By the numbers that all cells begin with, where they do; `-` stands for none, and comes last. */
function sortBy(table: HTMLTableElement, column: number, sign: 1 | -1): void {
  const body = table.tBodies[0];
  if (body === undefined) return;
  const rows = [...body.rows].map((row) => {
    const text = row.cells[column]?.textContent ?? '';
    return { row, text, number: Number.parseFloat(text) };
  });
  const isNumeric = rows.every(({ text, number }) => text === '-' || !Number.isNaN(number));
  rows.sort((a, b) => {
    const missing = Number(a.text === '-') - Number(b.text === '-');
    if (missing !== 0) return missing;
    if (isNumeric) return sign * (a.number - b.number || 0);
    return sign * a.text.localeCompare(b.text, 'en', { numeric: true });
  });
  body.append(...rows.map(({ row }) => row));
}
