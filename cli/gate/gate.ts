/** What counts of a scan: the project's settings, a baseline, and the policy above both. */
import { dirname, relative, resolve, sep } from 'node:path';
import type { Finding } from '../../engine/finding.ts';
import { SEVERITIES } from '../../engine/rule.ts';
import type { Severity } from '../../engine/rule.ts';
import { higher } from '../../host/gate/policy.ts';
import type { Policy } from '../../host/gate/policy.ts';
import type {
  FolderSettings,
  ProjectSettings,
  RuleSetting,
} from '../../host/gate/project-settings.ts';
import type { FailOn } from '../../host/gate/fail-on.ts';
import { PROJECT_FILE } from '../../host/gate/project-settings.ts';
import type { FileOutcome } from '../../workers/protocol.ts';
import { openBaseline } from '../baseline/baseline.ts';
import type { Baseline } from '../baseline/baseline.ts';
import type { AuditLine, Suppression } from '../report/model.ts';

export interface GateOptions {
  /** Absolute. */
  readonly cwd: string;
  /** Undefined: `.sg.yaml` files do not count. */
  readonly settings: ProjectSettings | undefined;
  readonly policy: Policy;
  /** What the user asks for, before all settings. */
  readonly failOn: FailOn | undefined;
  /** The user's baseline (absolute); `false`: none counts. */
  readonly baseline: string | false | undefined;
}

interface Located {
  readonly absolute: string;
  readonly relative: string;
}

const NO_SETTINGS: FolderSettings = { rules: new Map() };

export class Gate {
  /** What makes the scan untrustworthy, for stderr. */
  readonly problems: string[] = [];
  /** Whether something was found that has to fail the scan. */
  fails = false;
  readonly #options: GateOptions;
  readonly #baselines = new Map<string, Baseline | undefined>();
  readonly #changed = new Map<RuleSetting, { readonly id: string; count: number }>();
  readonly #refused = new Map<string, number>();
  #leftOut = 0;

  constructor(options: GateOptions) {
    this.#options = options;
    // Also where no file is scanned: entries may be stale, or the baseline may be none.
    this.#baselineFor(this.#settingsOf(resolve(options.cwd, PROJECT_FILE)));
  }

  /** Those of `files` that the settings let through. To be asked of each file before its findings are weighed. */
  async select<T extends Located>(files: readonly T[]): Promise<readonly T[]> {
    const { settings, policy } = this.#options;
    const selected: T[] = [];
    for (const file of files) {
      const folder = dirname(file.absolute);
      await settings?.load(folder);
      if (settings?.leavesOut(file.absolute) === true && !policy.forbid.has('exclude')) {
        this.#leftOut += 1;
        continue;
      }
      selected.push(file);
      this.#baselineFor(this.#settingsOf(file.absolute))?.baseline.visit(file.relative);
    }
    return selected;
  }

  /** An outcome as the policy wants it: with what comments hide, where they may not. */
  admit(outcome: FileOutcome): FileOutcome {
    if (outcome.kind !== 'scanned' || !this.#options.policy.forbid.has('comments')) return outcome;
    const { findings, suppressed } = outcome.result;
    if (suppressed.length === 0) return outcome;
    this.#refuse('comments', suppressed.length);
    const shown = [...findings, ...suppressed.map(({ finding }) => finding)];
    return { ...outcome, result: { ...outcome.result, findings: shown, suppressed: [] } };
  }

  weigh(finding: Finding): Severity | Suppression {
    const { policy, failOn } = this.#options;
    const settings = this.#settingsOf(resolve(this.#options.cwd, finding.path));
    const setting = settings.rules.get(finding.ruleId);
    let { severity } = finding;
    if (setting !== undefined) {
      const verdict = this.#obey(setting, finding);
      if (typeof verdict !== 'string') return verdict;
      severity = verdict;
    }
    severity = higher(severity, policy.severity.get(finding.ruleId) ?? severity);
    const known = this.#baselineFor(settings);
    if (known?.baseline.has(finding) === true) {
      if (!policy.forbid.has('baseline'))
        return { by: 'baseline', reason: 'found before', file: this.#shown(known.file) };
      this.#refuse('the baseline', 1);
    }
    const threshold = strictest(failOn ?? settings.failOn ?? 'low', policy.failOn);
    if (threshold !== 'never' && SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(threshold))
      this.fails = true;
    return severity;
  }

  /** Entries that nothing was found for. Of a file that is gone `isOurs` decides, by its path as it is reported. */
  stale(isOurs: (path: string) => boolean): readonly AuditLine[] {
    return [...this.#baselines].flatMap(([file, baseline]) => {
      const entries = baseline?.stale() ?? [];
      const ours = entries.filter(({ path }) => isOurs(this.#shown(resolve(dirname(file), path))));
      return ours.map(({ path, rule, count }) => ({
        what: `${this.#shown(file)}: stale: ${path}: ${rule}`,
        count,
      }));
    });
  }

  /** What settings and policy did, beside findings that they suppress. */
  audit(): readonly AuditLine[] {
    const changed = [...this.#changed].map(([{ file, severity, reason }, { id, count }]) => ({
      what: `${file}: ${id} counts as ${severity ?? 'off'}: ${reason}`,
      count,
    }));
    const refused = [...this.#refused].map(([what, count]) => ({
      what: `policy: ${what} may not hide what is found`,
      count,
    }));
    const leftOut = { what: `${PROJECT_FILE}: files are left out`, count: this.#leftOut };
    return [...changed, ...refused, ...(this.#leftOut > 0 ? [leftOut] : [])];
  }

  #obey(setting: RuleSetting, { ruleId, severity }: Finding): Severity | Suppression {
    const { forbid, required } = this.#options.policy;
    const isRequired = required.has(ruleId);
    if (setting.severity === undefined) {
      if (!forbid.has('off') && !isRequired)
        return { by: 'config', reason: setting.reason, file: setting.file };
      this.#refuse(setting.file, 1);
      return severity;
    }
    const isLower = higher(setting.severity, severity) === severity;
    if (isLower && (forbid.has('severity') || isRequired)) return severity;
    const seen = this.#changed.get(setting) ?? { id: ruleId, count: 0 };
    seen.count += 1;
    this.#changed.set(setting, seen);
    return setting.severity;
  }

  #settingsOf(absolute: string): FolderSettings {
    return this.#options.settings?.at(dirname(absolute)) ?? NO_SETTINGS;
  }

  #baselineFor(
    settings: FolderSettings,
  ): { readonly file: string; readonly baseline: Baseline } | undefined {
    const { baseline: named, cwd } = this.#options;
    const file = named ?? settings.baseline;
    if (file === undefined || file === false) return undefined;
    if (!this.#baselines.has(file)) {
      const opened = openBaseline(file, cwd);
      if (!opened.ok) this.problems.push(opened.reason);
      this.#baselines.set(file, opened.ok ? opened.baseline : undefined);
    }
    const baseline = this.#baselines.get(file);
    return baseline === undefined ? undefined : { file, baseline };
  }

  #refuse(what: string, count: number): void {
    this.#refused.set(what, (this.#refused.get(what) ?? 0) + count);
  }

  #shown(file: string): string {
    return relative(this.#options.cwd, file).split(sep).join('/');
  }
}

function strictest(asked: FailOn, policy: Severity | undefined): FailOn {
  if (policy === undefined || asked === 'never') return policy ?? asked;
  return higher(asked, policy) === asked ? policy : asked;
}
