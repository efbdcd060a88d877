/** Makes Google's library ask the stand-in for its token, as it asks the metadata server of a machine. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoopbackApi } from '../../support/api/server.ts';

export function useLoopbackGoogle(api: LoopbackApi): void {
  process.env['GCE_METADATA_HOST'] = api.host;
  process.env['METADATA_SERVER_DETECTION'] = 'assume-present';
  // Where it would look for the user's own credentials first.
  process.env['CLOUDSDK_CONFIG'] = mkdtempSync(join(tmpdir(), 'sg-google-'));
  delete process.env['GOOGLE_APPLICATION_CREDENTIALS'];
}
