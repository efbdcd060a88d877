/** `sg install`: the plugin of this installation, into the user's Claude Code. */
import { TEXT_OR_JSON } from '../format-option.ts';
import { runSteps } from '../claude/steps.ts';
import { defineCommand } from '../command.ts';
import type { Command } from '../command.ts';

const OPTIONS = {
  'dry-run': { type: 'flag', description: 'show what would be run and change nothing' },
  format: TEXT_OR_JSON,
} as const;

export const command: Command = defineCommand({
  usage: '',
  details: [
    'Runs your own `claude` twice: it adds the folder of this program as a marketplace, and installs the plugin from it for your user. Running it again brings both up to date.',
  ],
  options: OPTIONS,
  positionals: { name: '', min: 0, max: 0 },
  examples: [
    { command: 'sg install', does: 'install for your user' },
    { command: 'sg install --dry-run', does: 'show the two commands' },
  ],
  run: (values, _positionals, io) =>
    runSteps(
      {
        name: 'install',
        dryRun: values['dry-run'],
        json: values.format === 'json',
        done: 'Installed. Claude Code checks edits from its next session on; `sg uninstall` takes it out again.',
        steps: ({ marketplace, plugin }, dist) => [
          {
            says: 'Adding this installation as a marketplace:',
            args: ['plugin', 'marketplace', 'add', dist],
          },
          {
            says: 'Installing the plugin:',
            args: ['plugin', 'install', `${plugin}@${marketplace}`, '--scope', 'user'],
          },
        ],
      },
      io,
    ),
});
