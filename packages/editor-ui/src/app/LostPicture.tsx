/** A wire that leads nowhere. */
export function LostPicture() {
  return (
    <svg width="220" height="96" viewBox="0 0 220 96" fill="none" aria-hidden="true">
      <rect
        x="2"
        y="24"
        width="72"
        height="48"
        rx="10"
        fill="var(--surface)"
        stroke="var(--hairline-strong)"
        strokeWidth="1.5"
      />
      <rect x="14" y="36" width="32" height="6" rx="3" fill="var(--hairline-strong)" />
      <rect x="14" y="50" width="48" height="6" rx="3" fill="var(--hairline)" />
      <circle cx="74" cy="48" r="5" fill="var(--primary)" />
      <path
        d="M79 48h26c14 0 12-26 26-26h14"
        stroke="var(--primary)"
        strokeWidth="2"
        strokeLinecap="round"
        strokeDasharray="1 6"
      />
      <rect
        x="146"
        y="10"
        width="72"
        height="48"
        rx="10"
        stroke="var(--hairline-strong)"
        strokeWidth="1.5"
        strokeDasharray="5 5"
      />
    </svg>
  );
}
