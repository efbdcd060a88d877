/** The triage page: filter, marks by key, progress, and the export of marks as labels. */
import { labelLines, type Mark, type TriageHit } from '../mark.ts';

/** The program that made the page wrote the JSON. */
const { report, hits } = JSON.parse(document.getElementById('record')?.textContent ?? '{}') as {
  readonly report: string;
  readonly hits: readonly TriageHit[];
};
const STORE = `sg-triage:${report}`;
const marks = new Map<string, Mark>(stored());
const filter = document.querySelector<HTMLInputElement>('#filter');
const rows = hits.map((hit) => {
  const element = document.getElementById(hit.id);
  return { hit, element, text: `${hit.rule} ${element?.textContent ?? ''}`.toLowerCase() };
});
const view = { at: -1 };

function stored(): [string, Mark][] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(STORE) ?? '[]');
    return Array.isArray(value) ? (value as [string, Mark][]) : [];
  } catch {
    // A browser that keeps nothing for files: marks last as long as the page.
    return [];
  }
}

function store(): void {
  try {
    localStorage.setItem(STORE, JSON.stringify([...marks]));
  } catch {
    // As above.
  }
}

function isShown(index: number): boolean {
  return rows[index]?.element?.hidden === false;
}

function select(index: number): void {
  rows[view.at]?.element?.classList.remove('current');
  view.at = index;
  const element = rows[index]?.element;
  element?.classList.add('current');
  element?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: 'nearest' });
}

function move(step: 1 | -1, wanted: (index: number) => boolean = () => true): void {
  for (let index = view.at + step; index >= 0 && index < rows.length; index += step)
    if (isShown(index) && wanted(index)) return select(index);
}

function mark(value: Mark | undefined): void {
  const row = rows[view.at];
  if (row === undefined) return;
  if (value === undefined) marks.delete(row.hit.key);
  else marks.set(row.hit.key, value);
  store();
  show();
  if (value !== undefined) move(1, (index) => !marks.has(rows[index]?.hit.key ?? ''));
}

function show(): void {
  for (const { hit, element } of rows) {
    const value = marks.get(hit.key);
    if (value === undefined) element?.removeAttribute('data-mark');
    else element?.setAttribute('data-mark', value);
  }
  const done = rows.filter(({ hit }) => marks.has(hit.key));
  const right = done.filter(({ hit }) => marks.get(hit.key) === 'vulnerable').length;
  const progress = document.querySelector<HTMLProgressElement>('#progress');
  if (progress !== null) progress.value = done.length;
  const words = document.querySelector('#progress-text');
  if (words !== null)
    words.textContent = `${done.length} of ${rows.length} marked: ${right} true, ${done.length - right} false`;
}

function applyFilter(): void {
  const words = (filter?.value ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  for (const { element, text } of rows)
    if (element !== null) element.hidden = !words.every((word) => text.includes(word));
  for (const section of document.querySelectorAll<HTMLElement>('section.rule'))
    section.hidden = section.querySelector('.hit:not([hidden])') === null;
  const shown = document.querySelector('#shown');
  if (shown !== null)
    shown.textContent = `${rows.filter((_row, index) => isShown(index)).length} shown`;
}

function save(): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(
    new Blob([labelLines(hits, marks)], { type: 'application/x-ndjson' }),
  );
  link.download = 'labels.jsonl';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const KEYS: Readonly<Record<string, () => void>> = {
  j: () => move(1),
  k: () => move(-1),
  t: () => mark('vulnerable'),
  f: () => mark('ok'),
  u: () => mark(undefined),
  '/': () => filter?.focus(),
};

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === filter) {
    if (event.key === 'Escape' || event.key === 'Enter') {
      filter?.blur();
      if (!isShown(view.at)) {
        view.at = -1;
        move(1);
      }
    }
    return;
  }
  const action = KEYS[event.key];
  if (action === undefined) return;
  event.preventDefault();
  action();
});
filter?.addEventListener('input', applyFilter);
document.querySelector('#save')?.addEventListener('click', save);
for (const [index, { element }] of rows.entries()) {
  element?.addEventListener('click', (event) => {
    select(index);
    const button = event.target instanceof HTMLButtonElement ? event.target : undefined;
    if (button?.value === 'vulnerable' || button?.value === 'ok') mark(button.value);
  });
}
applyFilter();
show();
