import { Copy } from 'lucide-react';
import { useState } from 'react';
import { texts } from '../texts/index.ts';

/** @param onCopied when it is in the clipboard */
export function CopyButton({ text, onCopied }: { readonly text: string; readonly onCopied?: () => void }) {
  const [copied, setCopied] = useState(false);
  return (
    <button
      className="btn small"
      type="button"
      onClick={() =>
        void navigator.clipboard.writeText(text).then(() => {
          setCopied(true);
          onCopied?.();
        })
      }
    >
      <Copy className="icon icon-s" aria-hidden="true" />
      <span role="status">{copied ? texts.common.copied : texts.common.copy}</span>
    </button>
  );
}
