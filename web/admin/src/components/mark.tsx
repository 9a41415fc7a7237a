/** The brand mark: four corners of a print around a play triangle. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="4 4 24 24" aria-hidden="true" focusable="false">
      <path
        d="M7 12V7h5M20 7h5v5M25 20v5h-5M12 25H7v-5"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path
        d="M13.2 11.4v9.2l7.4-4.6z"
        fill="var(--arv-coral)"
        stroke="var(--arv-coral)"
        strokeWidth="1.6"
        strokeLinejoin="round"
      />
    </svg>
  );
}
