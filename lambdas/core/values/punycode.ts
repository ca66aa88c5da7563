const base = 36;
const tMin = 1;
const tMax = 26;
const skew = 38;
const damp = 700;

/** A label in Punycode (RFC 3492), without the prefix `xn--`. */
export function toPunycode(label: string): string {
  const points = [...label].map((letter) => letter.codePointAt(0) ?? 0);
  const basic = points.filter((point) => point < 128);
  let output = String.fromCharCode(...basic) + (basic.length > 0 ? '-' : '');
  let next = 128;
  let delta = 0;
  let bias = 72;
  for (let done = basic.length; done < points.length; next++, delta++) {
    const least = Math.min(...points.filter((point) => point >= next));
    delta += (least - next) * (done + 1);
    next = least;
    for (const point of points) {
      if (point < next) delta++;
      if (point !== next) continue;
      output += inDigits(delta, bias);
      bias = adapted(delta, done + 1, done === basic.length);
      delta = 0;
      done++;
    }
  }
  return output;
}

function inDigits(delta: number, bias: number): string {
  let rest = delta;
  let text = '';
  for (let k = base; ; k += base) {
    const least = Math.max(tMin, Math.min(tMax, k - bias));
    if (rest < least) return text + digit(rest);
    text += digit(least + ((rest - least) % (base - least)));
    rest = Math.floor((rest - least) / (base - least));
  }
}

const digit = (value: number): string => String.fromCharCode(value < 26 ? 97 + value : 22 + value);

function adapted(delta: number, length: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? damp : 2));
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > ((base - tMin) * tMax) / 2; k += base) rest = Math.floor(rest / (base - tMin));
  return k + Math.floor(((base - tMin + 1) * rest) / (rest + skew));
}
