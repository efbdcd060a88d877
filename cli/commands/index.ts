/** The commands, each loaded only when it is asked for. */
import type { Command, CommandInfo } from '../command.ts';

export interface CommandEntry extends CommandInfo {
  load(): Promise<{ readonly command: Command }>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'scan',
    summary: 'report what the rules find in files and folders',
    load: () => import('./scan.ts'),
  },
  {
    name: 'review',
    summary: 'have a model review changes, and check what it says',
    load: () => import('./review.ts'),
  },
  {
    name: 'findings',
    summary: 'list what reviews found, and say what became of it',
    load: () => import('./findings.ts'),
  },
  {
    name: 'test',
    summary: 'run the examples of rules through the real scanner',
    load: () => import('./test.ts'),
  },
  {
    name: 'explain',
    summary: 'say what a rule finds, why, and how to fix it',
    load: () => import('./explain.ts'),
  },
  {
    name: 'new-rule',
    summary: 'write a rule file to start from',
    load: () => import('./new-rule.ts'),
  },
  {
    name: 'demo',
    summary: 'play a recorded session against the plugin in a scratch repository',
    load: () => import('./demo.ts'),
  },
  {
    name: 'bench',
    summary: 'measure the engine, the pool and the hooks',
    load: () => import('./bench.ts'),
  },
  {
    name: 'eval',
    summary: 'measure how well a model reviews, on changes whose defects are known',
    load: () => import('./eval.ts'),
  },
  {
    name: 'status',
    summary: 'show the service, its starts, the log, and what reviews cost',
    load: () => import('./status.ts'),
  },
  {
    name: 'doctor',
    summary: 'check everything that the product needs, and say what to do',
    load: () => import('./doctor.ts'),
  },
  {
    name: 'serve',
    summary: 'run the service in the foreground',
    load: () => import('./serve.ts'),
  },
  {
    name: 'install',
    summary: 'add the plugin to your Claude Code',
    load: () => import('./install.ts'),
  },
  {
    name: 'uninstall',
    summary: 'remove the plugin from your Claude Code',
    load: () => import('./uninstall.ts'),
  },
];
