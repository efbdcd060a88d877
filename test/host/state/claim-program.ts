/** A process of the concurrency test: claims `count` keys of its own, one after the other. */
import { createLedger } from '../../../host/state/ledger.ts';

const [dir = '', name = '', count = '0', waitMs = '200'] = process.argv.slice(2);
const ledger = createLedger({
  dir,
  key: 'shared',
  log: { write: (event) => void process.stderr.write(`${event}\n`) },
  now: Date.now,
  lock: { waitMs: Number(waitMs) },
});
for (let i = 0; i < Number(count); i++) {
  // One key is everybody's: exactly one process may have it.
  const fresh = await ledger.claim('shown_warnings', [`${name}-${i}`, `common-${i}`]);
  process.stdout.write(`${fresh.join(' ')}\n`);
}
