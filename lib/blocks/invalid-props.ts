/** Props that AWS would refuse during a deployment, with one message for each fault. */
export class InvalidProps extends Error {
  override readonly name = 'InvalidProps';
  constructor(flaws: readonly string[]) {
    super(`the props of the platform are not valid:${flaws.map((flaw) => `\n  - ${flaw}`).join('')}`);
  }
}
