/** The boundary of an edit: text in, an answer out, whatever happens in between. */
import { failOpen } from './fail-open.ts';
import { handlePostToolUse } from './post-tool-use.ts';
import type { HookDeps } from './post-tool-use.ts';
import type { HookAnswer } from './respond.ts';

/** Answers the text that the host wrote on stdin. Never rejects. */
export async function answerText(text: string, deps: HookDeps): Promise<HookAnswer> {
  return failOpen(deps.log, () => handlePostToolUse(JSON.parse(text), deps));
}
