/** Options of the commands that scan: which files, which rules. */
import type { Values } from '../options.ts';

export const FILE_OPTIONS = {
  include: {
    type: 'list',
    placeholder: 'GLOB',
    description: 'scan only files that match; as in .gitignore, relative to the current folder',
  },
  exclude: {
    type: 'list',
    placeholder: 'GLOB',
    description: 'leave out files and folders that match',
  },
  'no-ignore': { type: 'flag', description: 'scan what .gitignore files leave out as well' },
} as const;

export const RULE_OPTIONS = {
  rules: { type: 'list', placeholder: 'PATH', description: 'add a rule file or a folder of them' },
  'no-builtin': { type: 'flag', description: 'leave out the built-in rules' },
  rule: { type: 'list', placeholder: 'ID', description: 'run only this rule' },
  'no-config': { type: 'flag', description: 'do as if there were no .sg.yaml files' },
  'min-confidence': {
    type: 'value',
    placeholder: 'LEVEL',
    choices: ['low', 'medium', 'high'],
    default: 'medium',
    description: 'leave out rules that are less certain',
  },
} as const;

export const JOBS = {
  type: 'integer',
  short: 'j',
  placeholder: 'N',
  min: 1,
  max: 256,
  description:
    'threads: one that lists files and sorts out clean ones, and N - 1 workers beside it, at least one (default: one a processor)',
} as const;

export type FileValues = Values<typeof FILE_OPTIONS & { readonly jobs: typeof JOBS }>;
