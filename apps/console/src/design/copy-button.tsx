import { Copy } from 'lucide-react';
import { useState } from 'react';
import { texts } from '../texts/index.ts';

/** @param onCopied when it is in the clipboard */
export function CopyButton({ text, onCopied }: { readonly text: string; readonly onCopied?: () => void }) {
  const [copied, setCopied] = useState<boolean>();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text); // not there where the page came over plain http
      setCopied(true);
      onCopied?.();
    } catch {
      setCopied(false);
    }
  };
  return (
    <>
      <button className="btn small" type="button" onClick={() => void copy()}>
        <Copy className="icon icon-s" aria-hidden="true" />
        {copied ? texts.common.copied : texts.common.copy}
      </button>
      <span className="small" role="status">
        {copied === false && texts.common.notCopied}
        {copied && <span className="only-heard">{texts.common.copied}</span>}
      </span>
    </>
  );
}
