/** Reads what a user and a team want a model review to look at: `claude-security-guidance.md` files. */
import type { GuidanceFile } from '../orchestrator/guidance.ts';
import { readRuleFile } from './rules/files.ts';
import type { RuleLocations } from './rules/files.ts';
import { join } from 'node:path';

/** User's, project's, project's local; a file that is not there or cannot be read is none. */
export function readGuidance({ configDir, projectDir }: RuleLocations): GuidanceFile[] {
  const project = projectDir === undefined ? undefined : join(projectDir, '.claude');
  const places = [
    { origin: 'user', folder: configDir, name: 'claude-security-guidance.md' },
    { origin: 'project', folder: project, name: 'claude-security-guidance.md' },
    { origin: 'local', folder: project, name: 'claude-security-guidance.local.md' },
  ] as const;
  return places.flatMap(({ origin, folder, name }) => {
    if (folder === undefined) return [];
    const read = readRuleFile({
      path: join(folder, name),
      origin,
      format: 'native',
      ...(origin === 'user' || projectDir === undefined ? {} : { root: projectDir }),
    });
    return read.ok && read.text.trim() !== '' ? [{ origin, text: read.text }] : [];
  });
}
