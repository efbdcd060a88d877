/** Scans files of a corpus with the rules that need them, and tells how long each rule took. */
import type { Rule } from '../../engine/rule.ts';
import type { Scanner } from '../../engine/scanner.ts';
import type { Assets } from '../assets.ts';
import { createLocalScanner } from '../scan/local-scanner.ts';
import { hashOf } from './cache.ts';
import type { CorpusFile } from './files.ts';
import type { Gate, HitRow } from './records.ts';

/** One rule on its way: what was known of it, and what is found. */
export interface Work {
  readonly rule: Rule;
  /** In the set and in the list of works. */
  readonly index: number;
  readonly name: string;
  readonly key: string;
  /** Files below it need no more of this rule. */
  readonly from: number;
  readonly known: readonly HitRow[];
  readonly found: HitRow[];
  ms: number;
  incomplete: number;
  readonly gate: Gate | undefined;
  readonly gateFiles: Set<number>;
}

interface ScanTools {
  readonly assets: Assets;
  readonly clock: () => number;
}

/** A scanner for each set of rules that some file needs: all of them for new files, changed ones for old files. */
export class LevelScanners {
  readonly #request: ScanTools;
  readonly #works: readonly Work[];
  /** From which files on further rules are needed, ascending. */
  readonly #levels: readonly number[];
  readonly #byId: ReadonlyMap<string, Work>;
  readonly #known = new Map<number, Scanner>();
  #timed: Work | undefined;
  #since = 0;

  constructor(request: ScanTools, works: readonly Work[]) {
    this.#request = request;
    this.#works = works;
    this.#levels = [...new Set(works.map(({ from }) => from))].sort((a, b) => a - b);
    this.#byId = new Map(works.map((work) => [work.rule.id, work]));
  }

  async scan(file: CorpusFile, content: Buffer): Promise<void> {
    const scanner = await this.#scannerFor(file.id);
    const { findings, incomplete } = scanner.scan(file.path, content, file.absolute);
    this.#time(undefined);
    for (const { ruleId, start, end, key } of findings) {
      const work = this.#byId.get(ruleId);
      if (work === undefined || file.id < work.from) continue;
      work.found.push([file.id, start.line, start.column, end.line, hashOf(key).slice(0, 12)]);
    }
    for (const { ruleId } of incomplete) {
      const work = this.#byId.get(ruleId ?? '');
      if (work !== undefined) work.incomplete++;
    }
  }

  dispose(): void {
    for (const scanner of this.#known.values()) scanner.dispose();
  }

  async #scannerFor(file: number): Promise<Scanner> {
    const level = this.#levels.findLast((from) => from <= file) ?? 0;
    const known = this.#known.get(level);
    if (known !== undefined) return known;
    const rules = this.#works.filter(({ from }) => from <= level).map(({ rule }) => rule);
    const onRule = (id: string): void => this.#time(this.#byId.get(id));
    const scanner = await createLocalScanner(rules, this.#request.assets, { onRule, nosec: true });
    this.#known.set(level, scanner);
    return scanner;
  }

  /** The time since the last call was the last rule's. */
  #time(next: Work | undefined): void {
    const now = this.#request.clock();
    if (this.#timed !== undefined) this.#timed.ms += now - this.#since;
    this.#timed = next;
    this.#since = now;
  }
}
