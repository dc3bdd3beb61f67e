import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A data directory of its own under the system's temporary folder. */
export function temporaryDirectory(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'sparekey-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
