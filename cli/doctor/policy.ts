/** The organisation's policy, as a scan and the hook before an edit find it. */
import { blockable } from '../../host/gate/block.ts';
import { loadPolicy } from '../../host/gate/policy.ts';
import type { Io } from '../io.ts';
import { builtinRules } from '../scan/rules.ts';
import { fail, ok, warn } from './check.ts';
import type { Check } from './check.ts';

export async function checkPolicy(io: Io): Promise<Check[]> {
  const loaded = await loadPolicy(io.env, io.cwd);
  if (!loaded.ok)
    return loaded.problems.map((problem) => fail('policy', problem, 'correct the policy file'));
  const { files, required, severity, failOn, forbid, block } = loaded.policy;
  if (files.length === 0) return [ok('policy', 'none')];
  const parts = [
    ...(required.size > 0 ? [`requires ${[...required].join(', ')}`] : []),
    ...[...severity].map(([id, least]) => `${id} at least ${least}`),
    ...(failOn === undefined ? [] : [`fails on ${failOn}`]),
    ...(forbid.size > 0 ? [`forbids ${[...forbid].join(', ')}`] : []),
    ...(block.size > 0 ? [`blocks edits with ${[...block].join(', ')}`] : []),
  ];
  const said = ok('policy', `${files.join(', ')}: ${parts.join('; ') || 'asks for nothing'}`);
  const able = new Set(blockable(builtinRules(io), loaded.policy).map(({ id }) => id));
  const idle = [...block].filter((id) => !able.has(id));
  if (idle.length === 0) return [said];
  const action = 'name built-in rules of high confidence whose severity is high or critical';
  return [said, warn('policy', `block has no effect for ${idle.join(', ')}`, action)];
}
