/** Which findings were there before. */
import { lstatSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import type { Finding } from '../../engine/finding.ts';
import { contentFingerprint } from '../../host/fingerprint.ts';
import type { ReportedFinding } from '../report/model.ts';
import { readBaseline } from './file.ts';
import type { BaselineEntry } from './file.ts';

export interface Baseline {
  /** Whether the finding is one of those recorded; of equal ones as many as were. */
  has(finding: Finding): boolean;
  /** Told of each file that is scanned, found something or not. */
  visit(path: string): void;
  /** Entries that nothing was found for, where their file was scanned or is gone. */
  stale(): readonly BaselineEntry[];
}

export type OpenedBaseline =
  | { readonly ok: true; readonly baseline: Baseline }
  | { readonly ok: false; readonly reason: string };

/** `file` is absolute, and so is `cwd`, to which the paths of findings are relative. */
export function openBaseline(file: string, cwd: string): OpenedBaseline {
  const read = readBaseline(file);
  return read.ok ? { ok: true, baseline: new Matcher(file, cwd, read.entries) } : read;
}

/** Entries for `found`, with paths relative to the folder of `file`. */
export function entriesOf(
  found: readonly ReportedFinding[],
  file: string,
  cwd: string,
): BaselineEntry[] {
  const entries = new Map<string, BaselineEntry>();
  for (const { finding } of found) {
    const path = pathFrom(dirname(file), cwd, finding.path);
    const content = contentFingerprint(finding);
    const key = `${path}\0${content}`;
    const count = (entries.get(key)?.count ?? 0) + 1;
    entries.set(key, { path, rule: finding.ruleId, content, count });
  }
  return [...entries.values()];
}

interface Counted {
  readonly entry: BaselineEntry;
  left: number;
}

class Matcher implements Baseline {
  readonly #folder: string;
  readonly #cwd: string;
  readonly #exact = new Map<string, Counted>();
  readonly #byContent = new Map<string, Counted[]>();
  readonly #visited = new Set<string>();
  readonly #gone = new Map<string, boolean>();

  constructor(file: string, cwd: string, entries: readonly BaselineEntry[]) {
    this.#folder = dirname(file);
    this.#cwd = cwd;
    for (const entry of entries) {
      const counted = { entry, left: entry.count };
      this.#exact.set(`${entry.path}\0${entry.content}`, counted);
      const equal = this.#byContent.get(entry.content);
      if (equal === undefined) this.#byContent.set(entry.content, [counted]);
      else equal.push(counted);
    }
  }

  has(finding: Finding): boolean {
    const content = contentFingerprint(finding);
    const equal = this.#byContent.get(content);
    if (equal === undefined) return false;
    const exact = this.#exact.get(`${this.#pathOf(finding.path)}\0${content}`);
    // A file that is still there keeps its own: a copy of it is new.
    const found =
      exact !== undefined && exact.left > 0
        ? exact
        : equal.find(({ entry, left }) => left > 0 && this.#isGone(entry.path));
    if (found === undefined) return false;
    found.left -= 1;
    return true;
  }

  visit(path: string): void {
    this.#visited.add(this.#pathOf(path));
  }

  stale(): readonly BaselineEntry[] {
    return [...this.#exact.values()]
      .filter(({ left, entry }) => left > 0 && this.#isKnown(entry.path))
      .map(({ left, entry }) => ({ ...entry, count: left }));
  }

  #isKnown(path: string): boolean {
    return this.#visited.has(path) || this.#isGone(path);
  }

  #pathOf(path: string): string {
    return pathFrom(this.#folder, this.#cwd, path);
  }

  #isGone(path: string): boolean {
    const known = this.#gone.get(path) ?? !exists(resolve(this.#folder, path));
    this.#gone.set(path, known);
    return known;
  }
}

function pathFrom(folder: string, cwd: string, path: string): string {
  return folder === cwd ? path : relative(folder, resolve(cwd, path)).split(sep).join('/');
}

function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A part of the path is a file now, or it is no path at all.
    return false;
  }
}
