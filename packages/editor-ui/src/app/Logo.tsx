/** The mark: a picture and the larger one made from it. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="var(--primary)" />
      <rect
        x="7"
        y="11"
        width="14"
        height="14"
        rx="3.5"
        fill="none"
        stroke="#fff"
        strokeOpacity=".65"
        strokeWidth="2.4"
      />
      <rect x="11" y="7" width="14" height="14" rx="3.5" fill="var(--primary)" stroke="#fff" strokeWidth="2.4" />
      <circle cx="18" cy="14" r="2.6" fill="#fff" />
    </svg>
  );
}
