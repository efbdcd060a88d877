/** Reads settings and policy, and chooses the rules that they ask for. */
import { resolve } from 'node:path';
import type { Rule } from '../../engine/rule.ts';
import { loadPolicy } from '../../host/gate/policy.ts';
import type { Policy } from '../../host/gate/policy.ts';
import { ProjectSettings } from '../../host/gate/project-settings.ts';
import type { FailOn } from '../../host/gate/fail-on.ts';
import type { Io } from '../io.ts';
import { didYouMean, quote } from '../options.ts';
import type { Values } from '../options.ts';
import type { RULE_OPTIONS } from '../scan/options.ts';
import { builtinRules, selectRules } from '../scan/rules.ts';
import { nearest } from '../suggest.ts';
import { Gate } from './gate.ts';

export interface GateRequest {
  readonly values: Values<typeof RULE_OPTIONS>;
  readonly failOn?: FailOn | undefined;
  /** As the user wrote it; `false`: none counts. */
  readonly baseline?: string | false | undefined;
}

export interface OpenedGate {
  readonly ok: true;
  readonly gate: Gate;
  readonly rules: readonly Rule[];
  /** With these the scan goes on, and does not pass. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  /** What `.sg.yaml` names as the baseline of the current folder; absolute. */
  readonly baseline: string | undefined;
}

export async function openGate(
  { values, failOn, baseline }: GateRequest,
  io: Io,
): Promise<OpenedGate | { readonly ok: false; readonly message: string }> {
  const loaded = await loadPolicy(io.env, io.cwd);
  if (!loaded.ok) return { ok: false, message: loaded.problems.join('\n') };
  const { policy } = loaded;
  const settings = values['no-config'] ? undefined : new ProjectSettings(io.cwd);
  await settings?.load(io.cwd);
  const selected = await selectRules(
    {
      builtin: !values['no-builtin'],
      paths: values.rules,
      ...(settings !== undefined && { within: settings.root, folders: settings.ruleFolders }),
      ids: values.rule,
      minConfidence: values['min-confidence'],
    },
    io,
  );
  if (!selected.ok) return selected;
  const required = await requiredRules(policy, selected.rules, io);
  if (!required.ok) return required;
  const file = typeof baseline === 'string' ? resolve(io.cwd, baseline) : baseline;
  const gate = new Gate({ cwd: io.cwd, settings, policy, failOn, baseline: file });
  const unknown = values['no-builtin']
    ? []
    : unknownRules(settings, io.cwd, (id) => selected.placeOf(id));
  return {
    ok: true,
    gate,
    rules: [...selected.rules, ...required.rules],
    problems: [...selected.problems, ...(settings?.problems ?? [])],
    warnings: [...selected.warnings, ...unknown],
    baseline: settings?.at(io.cwd).baseline,
  };
}

/** Those that a policy requires and the user did not ask for. */
async function requiredRules(
  { required, files }: Policy,
  rules: readonly Rule[],
  io: Io,
): Promise<
  | { readonly ok: true; readonly rules: readonly Rule[] }
  | { readonly ok: false; readonly message: string }
> {
  const missing = [...required].filter((id) => !rules.some((rule) => rule.id === id));
  if (missing.length === 0) return { ok: true, rules: [] };
  const builtin = builtinRules(io);
  const found = builtin.filter(({ id }) => missing.includes(id));
  const unknown = missing.find((id) => !found.some((rule) => rule.id === id));
  if (unknown === undefined) return { ok: true, rules: found };
  const near = nearest(
    unknown,
    builtin.map(({ id }) => id),
  );
  return {
    ok: false,
    message: `${files.join(', ')}: required-rules names ${quote(unknown)}, which this version does not have${didYouMean(near)}`,
  };
}

/** A rule may have gone with a newer version: no reason to stop. */
function unknownRules(
  settings: ProjectSettings | undefined,
  cwd: string,
  placeOf: (id: string) => string | undefined,
): string[] {
  return [...(settings?.at(cwd).rules ?? [])].flatMap(([id, { file }]) =>
    placeOf(id) === undefined ? [`${file}: rules names ${quote(id)}, which is no rule here`] : [],
  );
}
