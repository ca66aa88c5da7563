/** Props that AWS would refuse in the middle of a deployment, each with what is wrong. */
export class InvalidProps extends Error {
  override readonly name = 'InvalidProps';
  constructor(flaws: readonly string[]) {
    super(`the props of the platform are not valid:${flaws.map((flaw) => `\n  - ${flaw}`).join('')}`);
  }
}
