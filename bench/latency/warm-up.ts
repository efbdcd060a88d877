/** Brings a service that has just started to where it answers whole. */
import { ServiceClient } from './client.ts';
import { payloadOf } from './edit.ts';
import type { Scratch } from './scratch.ts';

/** Answers in a row that are enough, for each of the workers. */
const IN_A_ROW = 10;
const MOST = 200;

/**
 * Sends small clean edits until the answers are whole. Resolves with how many were cut or refused before:
 * edits that a user would have had to wait for, or to hear of later. Rejects when it does not come to that.
 */
export async function warmUp(scratch: Scratch): Promise<number> {
  const client = new ServiceClient(scratch);
  let notWhole = 0;
  for (let sent = 0, inARow = 0; inARow < IN_A_ROW; sent++) {
    if (sent === MOST) throw new Error(`the service cut or refused ${notWhole} of ${MOST} edits`);
    const edit = { path: 'src/warm-up.ts', content: 'export const one = 1;\n' };
    const payload = payloadOf(scratch, edit, 1_000_000 + sent);
    const answer = await client.edit(client.bodyOf(payload));
    const isWhole = answer !== undefined && !answer.cut;
    inARow = isWhole ? inARow + 1 : 0;
    if (!isWhole) notWhole += 1;
  }
  return notWhole;
}
