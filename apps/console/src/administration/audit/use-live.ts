import { useEffect, useState } from 'react';
import type { Schemas } from '../../api/client.ts';

type Entry = Schemas['AuditEntry'];

/** The newest that are kept while nobody looks at them. */
const MOST = 200;

/**
 * Entries that come in while the page is open, newest first.
 *
 * @param url of the stream; nothing: it stands still @returns whether it is connected, what came, and a way to take it in
 */
export function useLive(url: string | undefined) {
  const [fresh, setFresh] = useState<readonly Entry[]>([]);
  const [isConnected, setConnected] = useState(true);
  useEffect(() => {
    setFresh([]);
    if (url === undefined) return undefined;
    const source = new EventSource(url); // tries again by itself, from where it was
    source.onopen = () => setConnected(true);
    source.onerror = () => setConnected(false);
    const take = ({ data }: MessageEvent<string>) =>
      setFresh((known) => [JSON.parse(data) as Entry, ...known].slice(0, MOST));
    source.addEventListener('entry', take);
    return () => source.close();
  }, [url]);
  return { fresh, isConnected, clear: () => setFresh([]) };
}
