import { useId } from 'react';

/** A photo, wired to a larger one, wired to slides: what this product does, without a word. Decoration only. */
export function FlowPicture({ width = 420 }: { width?: number }) {
  const sky = useId();
  return (
    <svg width={width} viewBox="0 0 420 220" fill="none" aria-hidden="true">
      <defs>
        <linearGradient id={sky} x1="0" y1="0" x2="0" y2="1">
          <stop stopColor="#8fd0ff" />
          <stop offset="1" stopColor="#e4f3ff" />
        </linearGradient>
      </defs>
      <path d="M108 124h16c12 0 12-16 24-16h8" stroke="var(--primary)" strokeWidth="2" />
      <path d="M288 108h8c10 0 10 0 20 0" stroke="var(--primary)" strokeWidth="2" />
      <PictureCard x={20} y={84} width={88} height={80} sky={sky} />
      <PictureCard x={156} y={42} width={132} height={132} sky={sky} />
      <g opacity=".45">
        <PictureCard x={342} y={60} width={58} height={96} sky={sky} />
      </g>
      <g opacity=".75">
        <PictureCard x={330} y={54} width={58} height={108} sky={sky} />
      </g>
      <PictureCard x={316} y={48} width={60} height={120} sky={sky} />
      {[
        [108, 124],
        [156, 108],
        [288, 108],
        [316, 108],
      ].map(([cx, cy]) => (
        <circle key={cx} cx={cx} cy={cy} r="5" fill="var(--surface)" stroke="var(--primary)" strokeWidth="2.5" />
      ))}
      <g>
        <rect x="254" y="30" width="46" height="24" rx="12" fill="var(--primary-solid)" />
        <text x="277" y="46" textAnchor="middle" fill="#fff" fontSize="12" fontWeight="650" fontFamily="var(--font)">
          2×
        </text>
      </g>
    </svg>
  );
}

interface PictureCardProps {
  x: number;
  y: number;
  width: number;
  height: number;
  sky: string;
}

function PictureCard({ x, y, width, height, sky }: PictureCardProps) {
  const clip = useId();
  const [w, h] = [width - 12, height - 12];
  return (
    <g transform={`translate(${x} ${y})`}>
      <rect width={width} height={height} rx="12" fill="var(--surface)" stroke="var(--hairline-strong)" />
      <clipPath id={clip}>
        <rect x="6" y="6" width={w} height={h} rx="7" />
      </clipPath>
      <g clipPath={`url(#${clip})`}>
        <svg
          x="6"
          y="6"
          width={w}
          height={h}
          viewBox="0 0 100 100"
          preserveAspectRatio="xMidYMid slice"
          aria-hidden="true"
        >
          <rect width="100" height="100" fill={`url(#${sky})`} />
          <circle cx="70" cy="30" r="10" fill="#ffd666" />
          <path d="M0 74 26 44l22 24 16-16 36 34v14H0Z" fill="#3f7fbf" />
          <path d="M0 84c22-14 46-2 62-6s26-10 38-6v28H0Z" fill="#2b5f8f" />
        </svg>
      </g>
    </g>
  );
}
