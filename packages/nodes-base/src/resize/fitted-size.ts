export type Fit = 'cover' | 'contain' | 'inside' | 'fill';

export interface Size {
  /** Pixels. */
  width: number;
  height: number;
}

/** What is asked of a resize; 0 for a side follows the other. */
export interface ResizeRequest extends Size {
  fit: Fit;
  /** Whether a picture that is smaller than asked grows. */
  enlarge: boolean;
}

/**
 * The exact size a picture gets, and how it is fitted into it. Always at least 1 x 1.
 *
 * Without `enlarge`, `inside` and the one-sided forms keep the picture's own size when it is smaller, `fill` keeps each side that is
 * smaller, and `cover` and `contain` shrink the asked frame, in its shape, until the picture does not have to grow.
 */
export function fittedSize(picture: Size, request: ResizeRequest): Size & { fit: 'cover' | 'contain' | 'fill' } {
  const { fit, enlarge } = request;
  const open = request.width === 0 || request.height === 0;
  const frame = {
    width: request.width || Number.POSITIVE_INFINITY,
    height: request.height || Number.POSITIVE_INFINITY,
  };
  const ratios = [frame.width / picture.width, frame.height / picture.height] as const;
  if (open || fit === 'inside') {
    const scale = limited(Math.min(...ratios), enlarge);
    // The shape is kept by computing both sides, so `fill` stretches by less than a pixel.
    return { ...rounded(picture.width * scale, picture.height * scale), fit: 'fill' };
  }
  if (fit === 'fill')
    return {
      ...rounded(picture.width * limited(ratios[0], enlarge), picture.height * limited(ratios[1], enlarge)),
      fit,
    };
  const growth = fit === 'cover' ? Math.max(...ratios) : Math.min(...ratios);
  const shrink = enlarge || growth <= 1 ? 1 : 1 / growth;
  return { ...rounded(frame.width * shrink, frame.height * shrink), fit };
}

function limited(scale: number, enlarge: boolean): number {
  return enlarge ? scale : Math.min(1, scale);
}

function rounded(width: number, height: number): Size {
  return { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
}
