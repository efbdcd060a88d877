/**
 * The organisation's policy: what projects and users can tighten and not loosen. It is read from a place that only
 * an administrator can write, and from the file that `SG_POLICY` names; where both exist both apply.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SEVERITIES } from '../../engine/rule.ts';
import type { Severity } from '../../engine/rule.ts';
import type { Reader } from '../rules/native-reader.ts';
import { quote } from '../rules/problem.ts';
import { readSettings } from './settings-file.ts';

export const FORBIDDABLE = ['comments', 'baseline', 'off', 'severity', 'exclude'] as const;
/** Ways to keep a finding out of a report. */
export type Forbiddable = (typeof FORBIDDABLE)[number];

export interface Policy {
  /** Absolute paths; empty where there is no policy. */
  readonly files: readonly string[];
  /** Rules that always run, and can be neither turned off nor lowered. */
  readonly required: ReadonlySet<string>;
  /** Least severity of a rule. */
  readonly severity: ReadonlyMap<string, Severity>;
  /** A scan fails at this severity at the latest. */
  readonly failOn?: Severity;
  readonly forbid: ReadonlySet<Forbiddable>;
  /** Rules whose findings an edit in Claude Code is denied for. */
  readonly block: ReadonlySet<string>;
}

export type LoadedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly string[] };

const KEYS = ['required-rules', 'severity', 'fail-on', 'forbid', 'block'];
const NONE: Policy = {
  files: [],
  required: new Set(),
  severity: new Map(),
  forbid: new Set(),
  block: new Set(),
};

/** Where an administrator puts the policy. */
export function policyFile(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return '/Library/Application Support/security-guidance/policy.yaml';
  if (platform === 'win32') return 'C:\\Program Files\\security-guidance\\policy.yaml';
  return '/etc/security-guidance/policy.yaml';
}

/** `system` is the administrator's file, which need not exist; the one of `SG_POLICY` must. */
export async function loadPolicy(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
  system: string = policyFile(process.platform),
): Promise<LoadedPolicy> {
  const named = env['SG_POLICY'] || undefined;
  const files = new Set([
    ...(existsSync(system) ? [system] : []),
    ...(named === undefined ? [] : [resolve(cwd, named)]),
  ]);
  let policy = NONE;
  const problems: string[] = [];
  for (const path of files) {
    const cost = 'correct it: until then no scan passes';
    const read = await readSettings({ path, shown: path, cost, keys: KEYS }, (reader) =>
      take(reader, path),
    );
    if (read.ok) policy = both(policy, read.value);
    else problems.push(...read.problems);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, policy };
}

function take(reader: Reader, file: string): Policy {
  const severities = reader.mapping('severity');
  const severity = new Map<string, Severity>();
  for (const id of severities?.fields.keys() ?? []) {
    const least = severities?.oneOf(id, SEVERITIES);
    if (least !== undefined) severity.set(id, least);
    else if (severities?.fields.get(id) === null)
      severities.error(id, `severity.${id} is ${quote(null)}; expected ${SEVERITIES.join(', ')}`);
  }
  const failOn = reader.oneOf('fail-on', SEVERITIES);
  return {
    files: [file],
    required: new Set(reader.texts('required-rules')),
    severity,
    ...(failOn !== undefined && { failOn }),
    forbid: new Set(reader.membersOf('forbid', FORBIDDABLE)),
    block: new Set(reader.texts('block')),
  };
}

/** The stricter of the two in everything. */
function both(a: Policy, b: Policy): Policy {
  const severity = new Map(a.severity);
  for (const [id, least] of b.severity) severity.set(id, higher(severity.get(id) ?? least, least));
  const failOn = lowest([a.failOn, b.failOn]);
  return {
    files: [...a.files, ...b.files],
    required: new Set([...a.required, ...b.required]),
    severity,
    ...(failOn !== undefined && { failOn }),
    forbid: new Set([...a.forbid, ...b.forbid]),
    block: new Set([...a.block, ...b.block]),
  };
}

export function higher(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) > SEVERITIES.indexOf(b) ? a : b;
}

function lowest(severities: readonly (Severity | undefined)[]): Severity | undefined {
  return SEVERITIES.find((severity) => severities.includes(severity));
}
