/** What an operator asked for cannot be done. `invalid`: it is not said as it must be; `contended`: try again; `refused`: it never can be. */
export class OperatorRefused extends Error {
  override readonly name = 'OperatorRefused';
  constructor(
    readonly kind: 'invalid' | 'not_found' | 'contended' | 'refused',
    message: string,
  ) {
    super(message);
  }
}
