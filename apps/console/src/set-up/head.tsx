import { useEffect, useRef } from 'react';

/** What a step is called, and what it is for. @param takesFocus it came in the place of another, which had the focus */
export function Head({
  title,
  lead,
  takesFocus = false,
}: {
  readonly title: string;
  readonly lead?: string;
  readonly takesFocus?: boolean;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takesFocus) heading.current?.focus();
  }, []);
  return (
    <div className="sheet-title">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {lead !== undefined && <p>{lead}</p>}
    </div>
  );
}
