/** All ways, by group. */
import { FORMS, PLUMBING } from './forms.ts';
import { MERGES, MOVES } from './moves.ts';
import { PLACES } from './places.ts';
import { PUSHES } from './pushes.ts';
import { REWRITES } from './rewrites.ts';
import type { Way } from './way.ts';

export const WAYS: readonly (readonly [group: string, ways: readonly Way[]])[] = [
  ['a commit', FORMS],
  ['where', PLACES],
  ['without git commit', PLUMBING],
  ['what comes from elsewhere', MERGES],
  ['a rewritten history', REWRITES],
  ['no commit', MOVES],
  ['a push', PUSHES],
];
