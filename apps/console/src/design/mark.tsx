const KEY =
  'M11.5 2.5a7.5 7.5 0 0 1 3.2 14.28v2.2l2.2 2.2-2.2 2.22 1.6 1.6-4.8 4.8-3.2-3.2v-9.82a7.5 7.5 0 0 1 3.2-14.28z';

/** A key, and the same key again, fainter. @param id of its own on the page */
export const Mark = ({ id }: { readonly id: string }) => (
  <>
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <mask id={id}>
        <path fill="#fff" d="M0 0h32v32H0z" />
        <path d={KEY} stroke="#000" strokeWidth="3.4" />
      </mask>
      <g mask={`url(#${id})`} opacity=".45">
        <path fill="currentColor" d={KEY} transform="translate(8.5)" />
      </g>
      <path
        fill="currentColor"
        fillRule="evenodd"
        d={`${KEY}M11.5 6.3a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8z`}
      />
    </svg>
    Sparekey
  </>
);
