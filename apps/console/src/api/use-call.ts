import { useRef, useState } from 'react';

/** One call at a time: a second click while it is under way does nothing. */
export function useCall() {
  const running = useRef(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const call = async (doIt: () => Promise<void>) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setFault(undefined);
    try {
      await doIt();
    } catch (error) {
      setFault(error);
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { busy, fault, call, clear: () => setFault(undefined) };
}
