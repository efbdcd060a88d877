/** `sg doctor`: checks everything that the product needs, and says what to do. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineCommand, usageError } from '../command.ts';
import type { Command, CommandResult } from '../command.ts';
import type { Check } from '../doctor/check.ts';
import { checkClient } from '../doctor/client.ts';
import { checkGit, checkProvider } from '../doctor/outside.ts';
import { checkInstalled, checkPlugin, checkRuntime } from '../doctor/plugin.ts';
import { checkPolicy } from '../doctor/policy.ts';
import { checkRules } from '../doctor/rules.ts';
import { checkService, probeService } from '../doctor/service.ts';
import { checkLog, checkState } from '../doctor/state.ts';
import { countLevels, doctorJson, doctorText } from '../doctor/text.ts';
import { CLEAN, FINDINGS } from '../exit.ts';
import { TEXT_OR_JSON } from '../format-option.ts';
import { hookConfig } from '../hook-config.ts';
import type { Io } from '../io.ts';
import { quote } from '../options.ts';
import type { Values } from '../options.ts';
import { createStyle } from '../style.ts';

const OPTIONS = {
  project: {
    type: 'value',
    placeholder: 'DIR',
    default: '.',
    description: 'project whose own rules are checked',
  },
  probe: {
    type: 'flag',
    description: 'start the service now, also while it rests after a start that was killed',
  },
  format: TEXT_OR_JSON,
} as const;

export const command: Command = defineCommand({
  usage: '',
  details: [
    'Checks the runtime, the plugin, the state folder, the service and how its last starts went, every rule file, the policy, git, the provider and the log. Each line is ok, warn or fail; what is not ok says what to do. No network is used, and of credentials only the names of the variables are shown.',
    'Exit code: 0 when nothing fails, 1 when something does, 2 when the command was not understood.',
  ],
  options: OPTIONS,
  positionals: { name: '', min: 0, max: 0 },
  examples: [
    { command: 'sg doctor', does: 'check this machine and the current folder' },
    { command: 'sg doctor --project ~/src/app', does: "check a project's rules as well" },
    { command: 'sg doctor --probe', does: 'try to start the service' },
  ],
  run: doctor,
});

async function doctor(
  values: Values<typeof OPTIONS>,
  _positionals: readonly string[],
  io: Io,
): Promise<CommandResult> {
  const project = resolve(io.cwd, values.project);
  if (!isFolder(project)) return usageError(`there is no folder ${quote(values.project)}`);
  const config = hookConfig(io);
  const checks: Check[] = [
    await checkRuntime(io),
    ...checkPlugin(io),
    checkInstalled(io, config),
    ...checkState(config),
    await checkClient(io),
    ...(values.probe ? [await probeService(config, io)] : []),
    ...(await checkService(config, Date.now())),
    ...(await checkRules(io, config, project)),
    ...(await checkPolicy(io)),
    await checkGit(io),
    checkProvider(io),
    checkLog(config, Date.now()),
  ];
  await io.stdout.write(
    values.format === 'json'
      ? doctorJson(checks)
      : doctorText(checks, createStyle(io.stdout.color)),
  );
  return countLevels(checks).fail > 0 ? FINDINGS : CLEAN;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
