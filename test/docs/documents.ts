/** The documents of the repository, read for the tests that hold them to the code. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT: string = fileURLToPath(new URL('../../', import.meta.url));

/** Folders whose markdown is not documentation, or not ours. */
const SKIPPED = new Set(['node_modules', 'dist', 'fixtures']);

export interface Document {
  /** From the root, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** A fenced block: its language, its lines, and the 1-based line of the fence. */
export interface Fence {
  readonly language: string;
  readonly lines: readonly string[];
  readonly line: number;
}

export function readDocument(path: string): Document {
  return { path, text: readFileSync(join(ROOT, path), 'utf8') };
}

/** A field of package.json. */
export function packageField(name: string): unknown {
  const manifest: unknown = JSON.parse(readDocument('package.json').text);
  return new Map(Object.entries(Object(manifest))).get(name);
}

/** Every markdown file, by path. */
export function documents(): Document[] {
  return markdownIn('').map(readDocument);
}

function markdownIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory())
        return SKIPPED.has(entry.name) || entry.name.startsWith('.') ? [] : markdownIn(path);
      return entry.name.endsWith('.md') ? [path] : [];
    });
}

export function fences({ text }: Document): Fence[] {
  const found: Fence[] = [];
  let open: { language: string; lines: string[]; line: number } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (!line.startsWith('```')) open?.lines.push(line);
    else if (open === undefined) open = { language: line.slice(3), lines: [], line: index + 1 };
    else {
      found.push(open);
      open = undefined;
    }
  }
  return found;
}

/** The text outside of fenced blocks, where links and names of files are. */
export function prose({ text }: Document): string {
  let inside = false;
  return text
    .split('\n')
    .map((line) => {
      if (!line.startsWith('```')) return inside ? '' : line;
      inside = !inside;
      return '';
    })
    .join('\n');
}
