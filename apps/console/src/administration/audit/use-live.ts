import { useEffect, useState } from 'react';
import { api, ask, type Schemas } from '../../api/client.ts';

type Entry = Schemas['AuditEntry'];

/** The newest that are kept while nobody looks at them; more are read anew. */
const MOST = 200;
const AGAIN_MS = 5_000;

/**
 * Entries that come in while the page is open, newest first.
 *
 * @param url of the stream; nothing: there is none @returns what came, whether it is all of it, and whether it is connected
 */
export function useLive(url: string | undefined) {
  const [fresh, setFresh] = useState<readonly Entry[]>([]);
  const [isConnected, setConnected] = useState(true);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => setFresh([]), [url]);
  useEffect(() => {
    if (url === undefined) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const source = new EventSource(url); // tries again by itself, from where it was
    source.onopen = () => setConnected(true);
    source.onerror = () => {
      setConnected(false);
      if (source.readyState !== EventSource.CLOSED) return;
      // it was refused, after which it does not: the session may have ended, or the service begins anew
      timer = setTimeout(() => {
        ask(() => api.GET('/v1/identity/sessions/current')).then(
          () => setAttempt(attempt + 1),
          () => setAttempt(attempt + 1),
        );
      }, AGAIN_MS);
    };
    source.addEventListener('entry', ({ data }: MessageEvent<string>) =>
      setFresh((known) => [JSON.parse(data) as Entry, ...known].slice(0, MOST)),
    );
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [url, attempt]);
  return { fresh, isWhole: fresh.length < MOST, isConnected, clear: () => setFresh([]) };
}
