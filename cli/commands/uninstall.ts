/** `sg uninstall`: takes out what `sg install` put in. */
import { TEXT_OR_JSON } from '../format-option.ts';
import type { Ran } from '../claude/claude.ts';
import { runSteps } from '../claude/steps.ts';
import { defineCommand } from '../command.ts';
import type { Command } from '../command.ts';

const OPTIONS = {
  'dry-run': { type: 'flag', description: 'show what would be run and change nothing' },
  format: TEXT_OR_JSON,
} as const;

/** What `claude` says when there is nothing to remove. */
const NOTHING_THERE =
  /not (?:found|installed)|is not in|no such|isn't installed|already uninstalled/i;
const isHarmless = ({ stdout, stderr }: Ran): boolean => NOTHING_THERE.test(`${stdout}${stderr}`);

export const command: Command = defineCommand({
  usage: '',
  details: [
    'Removes the plugin and the marketplace entry. It is no error when they are not there.',
  ],
  options: OPTIONS,
  positionals: { name: '', min: 0, max: 0 },
  examples: [{ command: 'sg uninstall', does: 'remove the plugin' }],
  run: (values, _positionals, io) =>
    runSteps(
      {
        name: 'uninstall',
        dryRun: values['dry-run'],
        json: values.format === 'json',
        done: 'Removed. A session that is open keeps the plugin until it ends.',
        steps: ({ marketplace, plugin }) => [
          {
            says: 'Removing the plugin:',
            args: ['plugin', 'uninstall', `${plugin}@${marketplace}`, '--scope', 'user'],
            isHarmless,
          },
          {
            says: 'Removing the marketplace entry:',
            args: ['plugin', 'marketplace', 'remove', marketplace],
            isHarmless,
          },
        ],
      },
      io,
    ),
});
