import { getCountryCallingCode, isSupportedCountry, Metadata, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { visible } from '../values/text.ts';

/** Digits that libphonenumber reads: ASCII, wide, Arabic-Indic and Persian. */
const foreignDigits = /[\uff10-\uff19\u0660-\u0669\u06f0-\u06f9]/g;
const punctuation = /[\s().[\]/\uff08\uff09\uff0e\uff0f\uff3b\uff3d\u2010-\u2015\u2212\uff0d\u30fc-]/g;

/**
 * Normalizes a number to E.164, e.g. `+12015550123`; undefined if the whole text is not a valid number. A number with
 * an extension identifies nobody. `cdp/values/phone.py` agrees: both parse only international digits with the same
 * metadata and decide everything else here.
 */
export function normalizePhone(text: string, defaultCountry?: string): string | undefined {
  if (text.length > 40) return undefined;
  const digits = visible(text)
    .replace(/^tel:/i, '')
    .replace(foreignDigits, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(punctuation, '')
    .replace(/^\uff0b/, '+');
  if (/^\+\d{2,20}$/.test(digits)) return international(digits.slice(1));
  return /^\d{2,20}$/.test(digits) && defaultCountry !== undefined && isSupportedCountry(defaultCountry)
    ? national(digits, defaultCountry)
    : undefined;
}

/** Reads a number as people dial it: abroad, at home, or with the country code and no plus. */
function national(digits: string, country: Parameters<typeof getCountryCallingCode>[0]): string | undefined {
  const code = getCountryCallingCode(country);
  const numbering = new Metadata();
  numbering.selectNumberingPlan(country);
  const abroad = new RegExp(`^(?:${numbering.numberingPlan?.IDDPrefix()})`).exec(digits)?.[0];
  const dialled = [abroad && digits.slice(abroad.length), code + digits, digits.startsWith(code) && digits];
  for (const each of dialled) {
    const number = each ? international(each) : undefined;
    if (number !== undefined) return number;
  }
  return undefined;
}

/** A number in North America has ten digits; the libraries disagree about a few Canadian ones with seven. */
function international(digits: string): string | undefined {
  const phone = parsePhoneNumberFromString(`+${digits}`);
  return phone?.isValid() && !/^\+1(?!\d{10}$)/.test(phone.number) ? phone.number : undefined;
}
