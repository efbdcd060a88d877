/** A process of the concurrency test: keeps `count` findings of its own in a repository's store, one after the other. */
import { findStore } from '../../../host/findings/store.ts';
import { keptFinding } from './sample.ts';

const [, , dir = '', repo = '', name = '', count = '0'] = process.argv;
const store = findStore(dir, repo);
if (store.kind === 'failed') throw new Error(store.detail);
for (let i = 0; i < Number(count); i++) {
  const mine = keptFinding(`${name}-${i}`);
  const written = await store.value.change((findings) => [...findings, mine]);
  if (!written.ok) throw new Error(written.reason);
}
