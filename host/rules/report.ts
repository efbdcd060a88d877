/** Collects the problems of one rule file; what holds for many rules is said once. */
import type { DataPath, Locate } from './document.ts';
import type { RuleFileProblem } from './problem.ts';

interface ReportOptions {
  readonly ruleId?: string;
  readonly part?: 'key' | 'value';
  /** Characters into the value's text. */
  readonly offset?: number;
}

export class Report {
  readonly file: string;
  readonly leftOut: string;
  private readonly locate: Locate;
  private readonly entries: { problem: RuleFileProblem; more: number }[] = [];
  private readonly byKind = new Map<string, { problem: RuleFileProblem; more: number }>();

  /** `leftOut`: what an error costs. */
  constructor(file: string, locate: Locate, leftOut = 'this rule is left out') {
    this.file = file;
    this.locate = locate;
    this.leftOut = leftOut;
  }

  add(
    level: RuleFileProblem['level'],
    path: DataPath,
    reason: string,
    action: string,
    options: ReportOptions = {},
  ): void {
    this.entries.push({ problem: this.problem(level, path, reason, action, options), more: 0 });
  }

  /** As `add`, but of several problems of one `kind` the first is kept and the others are counted. */
  once(
    kind: string,
    level: RuleFileProblem['level'],
    path: DataPath,
    reason: string,
    action: string,
    options: Pick<ReportOptions, 'part'> = {},
  ): void {
    const known = this.byKind.get(kind);
    if (known !== undefined) {
      known.more++;
      return;
    }
    const entry = { problem: this.problem(level, path, reason, action, options), more: 0 };
    this.byKind.set(kind, entry);
    this.entries.push(entry);
  }

  problems(): RuleFileProblem[] {
    return this.entries.map(({ problem, more }) =>
      more === 0
        ? problem
        : { ...problem, reason: `${problem.reason} (and ${more} more in this file)` },
    );
  }

  private problem(
    level: RuleFileProblem['level'],
    path: DataPath,
    reason: string,
    action: string,
    options: ReportOptions,
  ): RuleFileProblem {
    const place = this.locate(path, options.part ?? 'value', options.offset);
    const ruleId = options.ruleId === undefined ? {} : { ruleId: options.ruleId };
    return { level, file: this.file, ...place, ...ruleId, reason, action };
  }
}
