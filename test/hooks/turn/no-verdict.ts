/** What becomes of a turn that a model was asked about in vain. */
import { expect } from 'vitest';
import type { Act } from '../../support/api/acts.ts';
import type { Given } from './given.ts';
import { NOTHING, noticeOf } from './world.ts';

/** For what ends with the time that it may take: silence, and trying again. */
export const SHORT = { SG_REVIEW_DEADLINE_MS: '5000' } as const;

/** The model plays `acts`, twice: that is said once, in `words`, and what was not reviewed is with the next review. */
export async function expectNoVerdict(
  { turn, api }: Given,
  acts: readonly Act[],
  words: string,
  env: typeof SHORT | undefined,
): Promise<void> {
  const options = { env: { ...env } };
  await turn.prompt('Build it.', options);
  await turn.edit('app/a.py', 'x = 1\n', options);
  api.play(...acts);
  const first = await turn.stop(options);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(noticeOf(first)).toMatch(/^security-guidance: not reviewed: /);
  expect(noticeOf(first)).toContain(words);
  expect(turn.logged()).toMatchObject([{ outcome: 'not-reviewed', api_error: true }]);
  // The host drops a notice of a hook in the background: the next prompt says it.
  expect(noticeOf(await turn.prompt('Go on.', options))).toBe(noticeOf(first));
  // Once for each reason, and what was not reviewed is with the next review.
  api.play(...acts);
  expect(await turn.stop(options)).toEqual(NOTHING);
  expect(await turn.prompt('Go on.', options)).toEqual(NOTHING);
  // This one is answered, however long that takes.
  expect(await turn.stop()).toEqual(NOTHING);
  expect(turn.asked().at(-1)).toContain('app/a.py');
  expect(turn.logged().at(-1)).toMatchObject({ outcome: 'clean', vulns_found: 0 });
}
