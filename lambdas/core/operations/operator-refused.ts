/**
 * An operator's request failed. `invalid`: the request is malformed; `contended`: try again; `refused`: it can never
 * succeed.
 */
export class OperatorRefused extends Error {
  override readonly name = 'OperatorRefused';
  readonly kind: 'invalid' | 'not_found' | 'contended' | 'refused';

  constructor(kind: 'invalid' | 'not_found' | 'contended' | 'refused', message: string) {
    super(message);
    this.kind = kind;
  }
}
