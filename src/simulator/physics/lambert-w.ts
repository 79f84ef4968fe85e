/**
 * W(e^x), the solution w of w + ln w = x, for any finite x.
 * The parameter is the logarithm of the argument: at a few volts of bias the argument itself exceeds the range
 * of a double. Newton's method on w + ln w − x converges from either side because the function is concave and
 * rising.
 */
export function lambertWOfExp(x: number): number {
  // Below this bound e^x is zero in double precision, and so is W.
  if (x < -745) return 0;
  let w = x > 1 ? x - Math.log(x) : Math.exp(x);
  for (let i = 0; i < 40; i++) {
    const next = (w * (1 + x - Math.log(w))) / (1 + w);
    if (Math.abs(next - w) <= 1e-15 * next) return next;
    w = next;
  }
  return w;
}
